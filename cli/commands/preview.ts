import type { Machine } from "../../setup/prepare.ts";
import { ensureStack, pulumi } from "../pulumi.ts";

/** Shows what `up` would change. */
export async function preview(machine: Machine): Promise<void> {
  await ensureStack(machine);
  await pulumi(machine, ["preview", "--diff"]);
}
