import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";

export const memoryLimit: ContainerRule = {
  name: "memory-limit",
  description: "Every container has a memory limit.",
  level: "mandatory",
  severity: "medium",
  remediation: "Set `memory`, in MiB, and `memorySwap` to the same value, so that no swap is added to it.",
  sources: [cis("5.11"), owasp(7)],
  container: ({ name, props }) =>
    (props.memory ?? 0) > 0 ? [] : [`\`memory\` of \`${name}\` sets no limit`],
};
