/** What of a stack's state a command acts on. Pure. */

import type { ContainerState } from "../docker/containers.ts";
import { isContainer, isNetwork, type StateResource } from "./stack.ts";

/** What `down` removes: every container and network. */
export function targetsOfDown(resources: readonly StateResource[]): string[] {
  return resources.filter((resource) => isContainer(resource) || isNetwork(resource)).map(({ urn }) => urn);
}

/** Whether the state holds a container that does not run: only a refresh (two seconds) makes Pulumi notice. */
export function needsRefresh(
  resources: readonly StateResource[],
  states: readonly ContainerState[],
): boolean {
  const running = new Set(states.filter(({ state }) => state === "running").map(({ name }) => name));
  return resources.some((resource) => isContainer(resource) && !running.has(String(resource.outputs?.name)));
}
