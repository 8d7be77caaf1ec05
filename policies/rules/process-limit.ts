import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const processLimit: ContainerRule = {
  name: "process-limit",
  description: "Every container has a process limit.",
  level: "advisory",
  severity: "low",
  remediation: 'Add `{ name: "nproc", soft: 1024, hard: 1024 }` to `ulimits`.',
  sources: [cis("5.19"), cis("5.29"), owasp(7)],
  container: ({ name, props }) => {
    const limited = eachKnown((props.ulimits ?? []).keys(), function* (index) {
      const limit = props.ulimits?.[index];
      // -1 is no limit.
      if (limit?.name === "nproc" && limit.hard >= 0) yield true;
    });
    return limited.next().value ? [] : [`\`ulimits\` of \`${name}\` sets no limit for \`nproc\``];
  },
};
