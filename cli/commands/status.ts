import type { Workspace } from "../../setup/prepare.ts";
import { isWell, readStatus } from "../docker/stack-status.ts";
import { renderStatus } from "../output/status.ts";
import { print, printJson } from "../output/terminal.ts";

/** Shows each container and each model. Returns whether all are healthy and answer. */
export async function status(workspace: Workspace, options: { json?: boolean } = {}): Promise<boolean> {
  const found = await readStatus(workspace);
  if (options.json) printJson(found);
  else print(renderStatus(found));
  return isWell(found);
}
