import { UserError } from "../../setup/errors.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { findLiteLlmDrift, type LiteLlmDrift } from "../litellm/drift.ts";
import { renderLiteLlmDrift } from "../output/litellm-drift.ts";
import { table } from "../output/table.ts";
import { previewLive } from "../pulumi/deploy.ts";
import { type Change, changesInPreview, previewErrors } from "../pulumi/preview-changes.ts";
import { ensureStack, PulumiFailed, stackOutputs, stackResources } from "../pulumi/pulumi.ts";

/** What `npm run drift` tells. */
export interface Drift extends LiteLlmDrift {
  readonly stack: string;
  readonly deployed: boolean;
  /** Whether something is not as declared. What is only made by hand does not count. */
  readonly drifted: boolean;
  /** Containers, volumes, the network and LiteLLM's objects that are not as declared. */
  readonly changes: readonly Change[];
}

/** Shows what is live otherwise than declared, and changes nothing. Returns whether something is. */
export async function drift(workspace: Workspace, options: { json?: boolean } = {}): Promise<boolean> {
  const found = await findDrift(workspace);
  console.log(options.json ? JSON.stringify(found, null, 2) : renderDrift(found));
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

const NOTHING: LiteLlmDrift = { overridden: [], unmanaged: [], unchecked: [] };

/** Puts the parts together. */
export function withVerdict(
  stack: string,
  deployed: boolean,
  changes: readonly Change[],
  liteLlmDrift: LiteLlmDrift,
): Drift {
  const drifted =
    !deployed ||
    changes.length > 0 ||
    liteLlmDrift.overridden.length > 0 ||
    liteLlmDrift.unchecked.length > 0;
  return { stack, deployed, drifted, changes, ...liteLlmDrift };
}

/** @throws {UserError} in the program's own words, when Pulumi could not look */
async function findChanges(workspace: Workspace): Promise<Change[]> {
  try {
    return changesInPreview(await previewLive(workspace));
  } catch (error) {
    const told = error instanceof PulumiFailed ? previewErrors(error.stdout) : undefined;
    throw told === undefined ? error : new UserError(told, { cause: error });
  }
}

/** Lines for people. */
export function renderDrift(drift: Drift): string {
  if (!drift.deployed) return `Stack ${drift.stack}: not deployed (\`npm run up\`).`;
  const rows = drift.changes.map((change) => [change.kind, change.name, describe(change), change.todo]);
  const heading = drift.drifted ? "not all is as declared." : "all that is declared is live.";
  return [
    `Stack ${drift.stack}: ${heading}`,
    ...(rows.length > 0 ? ["", table([["WHAT", "NAME", "DIFFERENCE", "WHAT TO DO"], ...rows])] : []),
    ...renderLiteLlmDrift(drift),
  ].join("\n");
}

function describe({ kind, what, moved, properties }: Change): string {
  if (what === "missing") return moved === "live" ? "is gone" : "is declared, and not deployed yet";
  if (what === "undeclared") return "is not declared any more";
  // A container that does not run shows no ports either.
  if (kind === "container" && moved === "live" && properties.some(({ name }) => name === "mustRun"))
    return "does not run";
  return properties
    .map((property) =>
      "declared" in property || "live" in property
        ? `${property.name} is ${told(property.live)}, declared is ${told(property.declared)}`
        : property.name,
    )
    .join("; ");
}

const told = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
