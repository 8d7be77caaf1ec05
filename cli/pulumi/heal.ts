/** Puts in order what a run left that died, before the next one. */

import { readFile } from "node:fs/promises";
import { RESOURCE_TYPES } from "../../provider/resource-types/index.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { printError } from "../output/terminal.ts";
import { stateFolder } from "./environment.ts";
import { waitForLock } from "./locks.ts";
import { endRun, isUnderWay, RUN_VARIABLE, runProcesses, watchdogGone } from "./processes.ts";
import { pulumi } from "./pulumi.ts";
import { checkpointPath, ensureStack, hasOwnBackend, type StateResource } from "./stack.ts";
import { repairState } from "./state-files.ts";

/** What Pulumi began and does not know the end of. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** A stack's state as `pulumi stack export` prints it. */
export interface State {
  readonly deployment?: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/**
 * Makes the stack where it is not there, and makes sure that a run can begin: nothing is at work on the stack, its state can
 * be read, and it holds no operation without an end.
 */
export async function readyStack(toolchain: Toolchain): Promise<void> {
  await endDeadRuns(toolchain);
  if (hasOwnBackend(toolchain)) {
    await waitForLock(stateFolder(toolchain.root), toolchain.stack);
    await repairState(stateFolder(toolchain.root), checkpointPath(toolchain));
  }
  await ensureStack(toolchain);
  await settlePending(toolchain);
}

/** Ends processes of this stack's runs whose command is gone. */
async function endDeadRuns({ root, stack }: Toolchain): Promise<void> {
  const runs = runProcesses()
    .filter(
      ({ environment }) =>
        environment.get("LLM_STACK_ENV_OF") === root && environment.get("PULUMI_STACK") === stack,
    )
    .map(({ environment }) => environment.get(RUN_VARIABLE) ?? "");
  for (const run of new Set(runs)) {
    if (isUnderWay(run)) continue;
    await watchdogGone(run);
    await endRun(run);
  }
}

/** Clears the operations that a run began and did not end. */
async function settlePending(toolchain: Toolchain): Promise<void> {
  if (hasOwnBackend(toolchain)) {
    // A second less than asking Pulumi.
    const { checkpoint } = JSON.parse(await readFile(checkpointPath(toolchain), "utf8"));
    if ((checkpoint?.latest?.pending_operations ?? []).length === 0) return;
  }
  const state: State = JSON.parse(
    await pulumi(toolchain, ["stack", "export", "--show-secrets"], { quiet: true }),
  );
  const pending = state.deployment?.pending_operations ?? [];
  if (pending.length === 0) return;
  const input = JSON.stringify(settled(state));
  await pulumi(toolchain, ["stack", "import"], { quiet: true, input });
  const what = pending.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`);
  printError(`An earlier run did not get to the end of: ${what.join(", ")}. This one does.`);
}

/**
 * A state without operations that have no end. That is safe for each kind of them:
 *
 * - Updating and deleting: the state holds the resource as it was, and the next run does the same again.
 * - Creating in LiteLLM: the object is known by its id before it is made, so it goes into the state. Where LiteLLM does not
 *   have it, the next run sees that and makes it.
 * - Creating in Docker: a container and a network carry this stack's label, and are removed before they are made
 *   (`infra/ownership.ts`); a volume is taken as it is.
 * - Creating in the state alone, such as a password: there is nothing elsewhere.
 */
export function settled(state: State): State {
  const { pending_operations: pending = [], resources = [], ...rest } = state.deployment ?? {};
  const known = new Set(resources.map(({ urn }) => urn));
  const objects = pending.flatMap(({ type, resource }) => {
    const identity = RESOURCE_TYPES.get(resource.type)?.identity;
    const value = identity && plainText(resource.inputs?.[identity.property]);
    if (type !== "creating" || value === undefined || known.has(resource.urn)) return [];
    return [{ ...resource, id: identity?.idOf(value), outputs: resource.inputs }];
  });
  return { ...state, deployment: { ...rest, resources: [...resources, ...objects] } } as State;
}

/** The text of a property; a secret one is wrapped, its text as JSON. */
function plainText(value: unknown): string | undefined {
  const plaintext = (value as { plaintext?: unknown } | undefined)?.plaintext;
  const text: unknown = typeof plaintext === "string" ? JSON.parse(plaintext) : value;
  return typeof text === "string" ? text : undefined;
}
