/** What the Docker engine holds that this stack made. */

import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { OWNER_LABEL } from "../../infra/labels.ts";
import { printError } from "../output/terminal.ts";
import { isContainer, isNetwork, isVolume, type StateResource } from "../pulumi/stack.ts";

/** The id on the label of what this stack made; undefined while it has made nothing. */
function ownerOf(resources: readonly StateResource[]): string | undefined {
  const owner = resources.find(isOwner)?.outputs?.hex;
  return typeof owner === "string" ? owner : undefined;
}

/** Whether a resource of the state is the stack's id. */
export const isOwner = ({ type, urn }: StateResource) =>
  type === "random:index/randomId:RandomId" && urn.endsWith("::owner");

/** Lists what carries this stack's label, a line each. */
async function listed(
  kind: "network" | "ps" | "volume",
  resources: readonly StateResource[],
  format: string,
) {
  const owner = ownerOf(resources);
  if (owner === undefined) return [];
  const command = kind === "ps" ? ["ps", "--all", "--no-trunc"] : [kind, "ls"];
  const filter = ["--filter", `label=${OWNER_LABEL}=${owner}`, "--format", format];
  const { stdout } = await execa("docker", [...command, ...filter]);
  return stdout.split("\n").filter(Boolean);
}

/** Volumes labelled with this stack's id that are not in its state. */
export async function leftOverVolumes(resources: readonly StateResource[]): Promise<string[]> {
  const known = new Set(resources.filter(isVolume).map(({ outputs }) => outputs?.name));
  return (await listed("volume", resources, "{{.Name}}")).filter((name) => !known.has(name));
}

/** Names of what this stack made and its state does not hold. */
export interface Unrecorded {
  /** The newest first: each depends on older ones. */
  readonly containers: readonly string[];
  readonly networks: readonly string[];
}

/** Containers and networks that a run made which died before it could note them. No other run may be under way. */
export async function findUnrecorded(resources: readonly StateResource[]): Promise<Unrecorded> {
  const [containers, networks] = await Promise.all([
    listed("ps", resources, "{{.ID}}\t{{.Names}}"),
    listed("network", resources, "{{.Name}}"),
  ]);
  const ids = new Set(resources.filter(isContainer).map(({ id }) => id));
  const names = new Set(resources.filter(isNetwork).map(({ outputs }) => outputs?.name));
  return {
    containers: containers
      .map((line) => line.split("\t"))
      .flatMap(([id, name]) => (ids.has(id) || name === undefined ? [] : [name])),
    networks: networks.filter((name) => !names.has(name)),
  };
}

/** Removes them; a container is stopped first, so that it writes what it still holds. */
export async function removeUnrecorded({ containers, networks }: Unrecorded): Promise<void> {
  for (const name of containers) {
    await execa("docker", ["stop", name]);
    await execa("docker", ["rm", "--force", "--volumes", name]);
  }
  if (networks.length > 0) await execa("docker", ["network", "rm", ...networks]);
  for (const name of [...containers, ...networks])
    printError(`\`${name}\` is removed: a run made it that could not note it.`);
}

/** Docker tells when it made a volume to the second, by the clock of the machine that it runs on. */
const CLOCK_MS = 60_000;

/** A volume of the engine. */
export interface EngineVolume {
  readonly Name: string;
  /** ISO 8601. */
  readonly CreatedAt: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * Whether a volume is the one that the state means, and not one that somebody made under its name since. One that was taken
 * over, or is from before volumes had labels, is older than its resource.
 */
export function isMeant(volume: EngineVolume, resource: StateResource, owner: string | undefined): boolean {
  if (owner !== undefined && volume.Labels?.[OWNER_LABEL] === owner) return true;
  const noted = Date.parse(resource.created ?? "");
  return Number.isNaN(noted) || Date.parse(volume.CreatedAt) <= noted + CLOCK_MS;
}

/** The stack's volumes. */
export interface StackVolumes {
  /** Names of those that are the stack's, in its state or not. */
  readonly own: readonly string[];
  /** Resources whose volume is gone, with another one under its name. */
  readonly replaced: readonly StateResource[];
}

/** The stack's volumes that the engine has. */
export async function stackVolumes(resources: readonly StateResource[]): Promise<StackVolumes> {
  const noted = resources.filter(isVolume);
  const leftOver = await leftOverVolumes(resources);
  const found = await inspectVolumes(noted.map(({ outputs }) => String(outputs?.name)));
  const owner = ownerOf(resources);
  const volumeOf = ({ outputs }: StateResource) => found.find(({ Name }) => Name === outputs?.name);
  const existing = noted.filter((resource) => volumeOf(resource) !== undefined);
  const meant = existing.filter((resource) => isMeant(volumeOf(resource) as EngineVolume, resource, owner));
  return {
    own: [...meant.map(({ outputs }) => String(outputs?.name)), ...leftOver],
    replaced: existing.filter((resource) => !meant.includes(resource)),
  };
}

/** Volumes by name; those that are not there are left out. */
async function inspectVolumes(names: readonly string[]): Promise<EngineVolume[]> {
  if (names.length === 0) return [];
  const inspected = await execa("docker", ["volume", "inspect", ...names], { reject: false });
  if (inspected.failed && !/no such volume/i.test(inspected.stderr))
    throw new UserError(`\`docker volume inspect\` failed: ${inspected.stderr}`);
  return JSON.parse(inspected.stdout || "[]");
}
