/** What the Docker engine holds that this stack made and its state does not know. */

import { execa } from "execa";
import { OWNER_LABEL } from "../../infra/labels.ts";
import { isContainer, isVolume, type StateResource } from "../pulumi/stack.ts";

/** The filter for what this stack made; undefined while it has made nothing. */
function ownFilter(resources: readonly StateResource[]): string | undefined {
  const owner = resources.find(({ type }) => type === "random:index/randomId:RandomId")?.outputs?.hex;
  return typeof owner === "string" ? `label=${OWNER_LABEL}=${owner}` : undefined;
}

async function listed(args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa("docker", args);
  return stdout.split("\n").filter(Boolean);
}

/** Volumes labelled with this stack's id that are not in its state. */
export async function leftOverVolumes(resources: readonly StateResource[]): Promise<string[]> {
  const filter = ownFilter(resources);
  if (filter === undefined) return [];
  const known = new Set(resources.filter(isVolume).map(({ outputs }) => outputs?.name));
  return (await listed(["volume", "ls", "--quiet", "--filter", filter])).filter((name) => !known.has(name));
}

/**
 * Removes this stack's containers that its state does not hold: a run that was killed created them, and Pulumi would find
 * their names taken. Only for when no other run is under way, as its containers are not in the state yet either.
 *
 * @returns their names
 */
export async function removeUnrecorded(resources: readonly StateResource[]): Promise<string[]> {
  const filter = ownFilter(resources);
  if (filter === undefined) return [];
  const known = new Set(resources.filter(isContainer).map(({ id }) => id));
  const format = ["--format", "{{.ID}}\t{{.Names}}"];
  const own = await listed(["ps", "--all", "--no-trunc", "--filter", filter, ...format]);
  const unrecorded = own.map((line) => line.split("\t")).filter(([id]) => !known.has(id));
  if (unrecorded.length > 0)
    await execa("docker", ["rm", "--force", ...unrecorded.flatMap(([id]) => id ?? [])]);
  return unrecorded.flatMap(([, name]) => name ?? []);
}
