import { isExposed } from "../exposure.ts";
import { placeholders } from "../placeholders.ts";
import type { ContainerRule } from "../rule.ts";
import { owasp } from "../sources.ts";
import { collect } from "../unknown.ts";

export const noPlaceholder: ContainerRule = {
  name: "no-placeholder",
  description: "No secret is a placeholder.",
  level: "advisory",
  severity: "medium",
  remediation: "Set a secret of your own, such as a `RandomPassword`.",
  sources: [owasp(12)],
  container: (container) => collect(placeholders(container, () => !isExposed(container))),
};
