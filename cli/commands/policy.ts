import { writeFile } from "node:fs/promises";
import { rules } from "../../policies/rules/index.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { renderPolicy } from "../output/policy.ts";
import { sarif } from "../output/sarif.ts";
import { print, printJson } from "../output/terminal.ts";
import { previewPolicies } from "../pulumi/deploy.ts";
import { violationsIn } from "../pulumi/policy-pack.ts";
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
  if (options.json) printJson({ stack, rules: rules.length, passed, violations });
  else print(renderPolicy(stack, violations));
  return passed;
}
