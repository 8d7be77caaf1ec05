import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";

export const readOnlyRoot: ContainerRule = {
  name: "read-only-root",
  description: "Every container's root file system is read-only.",
  level: "advisory",
  severity: "medium",
  remediation: "Set `readOnly: true`, with `tmpfs` or volumes where the program writes.",
  sources: [cis("5.13"), owasp(8)],
  container: ({ name, props }) => (props.readOnly ? [] : [`\`readOnly\` of \`${name}\` is not set`]),
};
