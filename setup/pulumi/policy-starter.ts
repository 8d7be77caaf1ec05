/** The program by which Pulumi starts policy packs in Node.js. */

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Its text; the same whether Pulumi was built or downloaded. */
export const POLICY_STARTER = readFileSync(new URL("./pulumi-analyzer-policy.sh", import.meta.url), "utf8");

/** Puts it beside `pulumi` in `bin`, in place of any other. */
export async function putPolicyStarter(bin: string): Promise<void> {
  await writeFile(join(bin, "pulumi-analyzer-policy"), POLICY_STARTER, { mode: 0o755 });
}
