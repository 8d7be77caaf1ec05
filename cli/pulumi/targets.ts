/** What of a stack's state a command acts on. Pure. */

import type { ContainerState } from "../docker/containers.ts";
import { isContainer, isNetwork, isVolume, type StateResource } from "./stack.ts";

/** What `down` removes: every container and network. */
export function targetsOfDown(resources: readonly StateResource[]): string[] {
  return resources.filter((resource) => isContainer(resource) || isNetwork(resource)).map(({ urn }) => urn);
}

/**
 * Whether the state holds a container that does not run, or a network or volume that is not there: only a refresh (two
 * seconds) makes Pulumi notice.
 *
 * @param existing names of the engine's networks and volumes
 */
export function needsRefresh(
  resources: readonly StateResource[],
  states: readonly ContainerState[],
  existing: ReadonlySet<string>,
): boolean {
  const running = new Set(states.filter(({ state }) => state === "running").map(({ name }) => name));
  return resources.some((resource) => {
    const name = String(resource.outputs?.name);
    if (isContainer(resource)) return !running.has(name);
    return (isNetwork(resource) || isVolume(resource)) && !existing.has(name);
  });
}
