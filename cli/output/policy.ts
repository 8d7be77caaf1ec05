/** What the policy pack found, for people. */

import { rules } from "../../policies/rules/index.ts";
import type { Violation } from "../pulumi/policy-pack.ts";
import { table } from "./table.ts";

/** Lines for people. */
export function renderPolicy(stack: string, violations: readonly Violation[]): string {
  const count = (level: Violation["level"]) => violations.filter((each) => each.level === level).length;
  const found = violations.filter(({ level }) => level !== "unknown");
  const rows = found.map(({ level, rule, resource, problem }) => [level, rule, resource, problem]);
  const unchecked = new Set(violations.flatMap(({ level, rule }) => (level === "unknown" ? [rule] : [])));
  const violated = rules.filter(({ name }) =>
    found.some(({ rule, level }) => rule === name && level !== "exempt"),
  );
  return [
    `Stack ${stack}: ${count("mandatory")} mandatory, ${count("advisory")} advisory, ${count("exempt")} exempt, by ${rules.length} rules.`,
    ...(rows.length === 0 ? [] : ["", table([["LEVEL", "RULE", "RESOURCE", "PROBLEM"], ...rows])]),
    ...(violated.length === 0 ? [] : ["", "How to fix it:"]),
    ...violated.map(
      ({ name, remediation, sources }) =>
        `  ${name}: ${remediation} (${sources.map(({ id }) => id).join("; ")})`,
    ),
    ...(unchecked.size === 0
      ? []
      : [
          "",
          `Checked by \`up\` only, because a preview does not know the values: ${[...unchecked].join(", ")}.`,
        ]),
  ].join("\n");
}
