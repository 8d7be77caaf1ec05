import type { ContainerRule } from "../rule.ts";
import { cis } from "../sources.ts";

export const healthcheck: ContainerRule = {
  name: "healthcheck",
  description: "Every container has a health check.",
  level: "mandatory",
  severity: "medium",
  remediation:
    'Set `healthcheck.tests` to a command that fails when the program does not work, such as `["CMD", "pg_isready"]`.',
  sources: [cis("5.27")],
  container: ({ name, props }) => {
    const [kind] = props.healthcheck?.tests ?? [];
    if (!kind) return [`\`healthcheck.tests\` of \`${name}\` is not set`];
    return kind === "NONE" ? [`\`healthcheck.tests\` of \`${name}\` disables the health check`] : [];
  },
};
