import { isExposed } from "../exposure.ts";
import { placeholders } from "../placeholders.ts";
import type { ContainerRule } from "../rule.ts";
import { owasp } from "../sources.ts";
import { collect } from "../unknown.ts";

export const noPublishedPlaceholder: ContainerRule = {
  name: "no-published-placeholder",
  description: "No container that other hosts can reach has a placeholder for a secret.",
  level: "mandatory",
  severity: "critical",
  remediation: "Set a secret of your own, such as a `RandomPassword`: attackers try this one first.",
  sources: [owasp(12)],
  container: (container) =>
    collect(
      placeholders(
        container,
        () => isExposed(container),
        ", in a container that is published beyond loopback",
      ),
    ),
};
