import { UserError } from "../../config/errors.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { findLiteLlmDrift } from "../litellm/drift.ts";
import { type Drift, NOTHING, renderDrift, withVerdict } from "../output/drift.ts";
import { print, printJson } from "../output/terminal.ts";
import { previewLive } from "../pulumi/deploy.ts";
import { type Change, changesInPreview, previewErrors } from "../pulumi/preview-changes.ts";
import { PulumiFailed } from "../pulumi/pulumi.ts";
import { ensureStack, stackOutputs, stackResources } from "../pulumi/stack.ts";

/** Shows the differences between what is deployed and what is declared, and changes nothing. Returns whether there are any. */
export async function drift(workspace: Workspace, options: { json?: boolean } = {}): Promise<boolean> {
  const found = await findDrift(workspace);
  if (options.json) printJson(found);
  else print(renderDrift(found));
  return found.drifted;
}

async function findDrift(workspace: Workspace): Promise<Drift> {
  await ensureStack(workspace);
  const [outputs, resources] = await Promise.all([stackOutputs(workspace), stackResources(workspace)]);
  if (outputs === undefined) return withVerdict(workspace.stack, false, [], NOTHING);
  const [changes, liteLlmDrift] = await Promise.all([
    findChanges(workspace),
    findLiteLlmDrift(workspace.config, outputs, resources),
  ]);
  return withVerdict(workspace.stack, true, changes, liteLlmDrift);
}

/** @throws {UserError} with the program's own message when the preview failed */
async function findChanges(workspace: Workspace): Promise<Change[]> {
  try {
    return changesInPreview(await previewLive(workspace));
  } catch (error) {
    const told = error instanceof PulumiFailed ? previewErrors(error.stdout) : undefined;
    throw told === undefined ? error : new UserError(told, { cause: error });
  }
}
