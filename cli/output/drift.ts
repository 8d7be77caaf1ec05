/** The differences between what is deployed and what is declared, for people and for programs. */

import type { LiteLlmDrift } from "../litellm/drift.ts";
import type { Change } from "../pulumi/preview-changes.ts";
import { renderLiteLlmDrift } from "./litellm-drift.ts";
import { table } from "./table.ts";

/** What `npm run drift` tells. */
export interface Drift extends LiteLlmDrift {
  readonly stack: string;
  readonly deployed: boolean;
  /** Whether something differs. What was created elsewhere or by hand does not count. */
  readonly drifted: boolean;
  /** Containers, volumes, the network and LiteLLM's objects that differ from what is declared. */
  readonly changes: readonly Change[];
}

/** Of a stack that is not deployed. */
export const NOTHING: LiteLlmDrift = { overridden: [], unmanaged: [], unchecked: [] };

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

/** Lines for people. */
export function renderDrift(drift: Drift): string {
  if (!drift.deployed) return `Stack ${drift.stack}: not deployed (\`npm run up\`).`;
  const rows = drift.changes.map((change) => [change.kind, change.name, describe(change), change.todo]);
  const heading = drift.drifted
    ? "what is deployed differs from what is declared."
    : "everything is deployed as declared.";
  return [
    `Stack ${drift.stack}: ${heading}`,
    ...(rows.length > 0 ? ["", table([["WHAT", "NAME", "DIFFERENCE", "HOW TO FIX IT"], ...rows])] : []),
    ...renderLiteLlmDrift(drift),
  ].join("\n");
}

function describe({ kind, what, moved, properties }: Change): string {
  if (what === "missing") return moved === "live" ? "is missing" : "is declared but not deployed yet";
  if (what === "undeclared") return "is no longer declared";
  // A container that does not run shows no ports either.
  if (kind === "container" && moved === "live" && properties.some(({ name }) => name === "mustRun"))
    return "is not running";
  return properties
    .map((property) =>
      "declared" in property || "live" in property
        ? `${property.name} is ${told(property.live)}, declared as ${told(property.declared)}`
        : property.name,
    )
    .join("; ");
}

const told = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
