import { writeFile } from "node:fs/promises";
import { rules } from "../../policies/rules/index.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { sarif } from "../output/sarif.ts";
import { table } from "../output/table.ts";
import { previewPolicies } from "../pulumi/deploy.ts";
import { type Violation, violationsIn } from "../pulumi/policy-pack.ts";
import { ensureStack } from "../pulumi/stack.ts";

/** Options of {@link policy}. */
export interface PolicyOptions {
  readonly json?: boolean;
  /** File to write SARIF to. */
  readonly sarif?: string;
}

/** Checks the stack as it would be deployed, and changes nothing. Returns whether it may be deployed. */
export async function policy(workspace: Workspace, options: PolicyOptions = {}): Promise<boolean> {
  await ensureStack(workspace);
  const { stack } = workspace;
  const violations = violationsIn(await previewPolicies(workspace), rules);
  const passed = violations.every(({ level }) => level !== "mandatory");
  if (options.sarif !== undefined) {
    const log = sarif(violations, rules, `Pulumi.${stack}.yaml`);
    await writeFile(options.sarif, `${JSON.stringify(log, null, 2)}\n`);
  }
  console.log(
    options.json
      ? JSON.stringify({ stack, rules: rules.length, passed, violations }, null, 2)
      : renderPolicy(stack, violations),
  );
  return passed;
}

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
