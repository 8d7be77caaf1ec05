import type { Machine } from "../../setup/prepare.ts";
import { previewStack } from "../deploy.ts";
import { ensureStack } from "../pulumi.ts";

/** Shows what `up` would change. */
export async function preview(machine: Machine): Promise<void> {
  await ensureStack(machine);
  await previewStack(machine);
}
