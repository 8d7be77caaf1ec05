import type { ContainerInputs } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

/** What Docker gives a container that asks for no share of its own. */
const DEFAULT_SHARES = 1024;

const LIMITS: readonly ((props: ContainerInputs) => boolean)[] = [
  ({ cpus }) => Number(cpus ?? 0) > 0,
  ({ cpuQuota }) => (cpuQuota ?? 0) > 0,
  ({ cpuSet }) => Boolean(cpuSet),
  ({ cpuShares }) => (cpuShares ?? 0) > 0 && cpuShares !== DEFAULT_SHARES,
];

export const cpuLimit: ContainerRule = {
  name: "cpu-limit",
  description: "Every container has a limit or a share of the processors.",
  level: "advisory",
  severity: "low",
  remediation: "Set `cpus`, `cpuQuota`, `cpuSet` or `cpuShares`.",
  sources: [cis("5.12"), owasp(7)],
  container: ({ name, props }) => {
    const limited = eachKnown(LIMITS, (isSet) => (isSet(props) ? [true] : []));
    return limited.next().value ? [] : [`\`cpus\` of \`${name}\` sets no limit, and no other argument does`];
  },
};
