import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";

export const noPrivileged: ContainerRule = {
  name: "no-privileged",
  description: "No container is privileged.",
  level: "mandatory",
  severity: "critical",
  remediation: "Remove it, and add only the capability that is needed to `capabilities.adds`.",
  sources: [cis("5.5"), owasp(3)],
  container: ({ name, props }) =>
    props.privileged
      ? [`\`privileged\` of \`${name}\` gives it every device and capability of the host`]
      : [],
};
