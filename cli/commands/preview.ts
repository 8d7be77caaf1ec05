import type { Workspace } from "../../setup/prepare.ts";
import { previewStack } from "../pulumi/deploy.ts";
import { ensureStack } from "../pulumi/stack.ts";

/** Shows what `up` would change. */
export async function preview(workspace: Workspace): Promise<void> {
  await ensureStack(workspace);
  await previewStack(workspace);
}
