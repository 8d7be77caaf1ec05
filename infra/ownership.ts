/**
 * Keeps a stack off what another one made. The engine knows containers, networks and volumes by name only, and Docker
 * silently takes an existing volume for a new one: a second clone, or one whose state was lost, would work on
 * somebody else's data. So what the stack makes is labelled, and its name must be free before Pulumi makes it, which
 * is checked at preview already.
 */

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { docker } from "./docker.ts";
import { OWNER_LABEL, STATE_LABEL } from "./labels.ts";

/** Docker objects that have a name of their own in the engine. */
export type Kind = "container" | "network" | "volume";

/** An object that is in the engine already. */
export interface Existing {
  readonly kind: Kind;
  readonly name: string;
  /** Value of {@link OWNER_LABEL}, if any. */
  readonly owner?: string;
  /** Value of {@link STATE_LABEL}, if any; for a volume that of a container which uses it. */
  readonly state?: string;
  /** Names of running containers that use a volume. */
  readonly users?: readonly string[];
}

const KINDS: Record<string, Kind> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
  "docker:index/volume:Volume": "volume",
};

/**
 * Why the stack may not make an object, with how to fix it; undefined when it may.
 *
 * @param existing what has the name now, if anything
 * @param owner this stack's id; undefined while it is not known, in the first preview
 * @param adoptVolumes whether the user asked to take over existing volumes
 */
export function refusal(
  existing: Existing | undefined,
  owner: string | undefined,
  adoptVolumes: boolean,
): string | undefined {
  if (existing === undefined) return undefined;
  if (owner !== undefined && existing.owner === owner) return undefined;
  const { kind, name } = existing;
  if (kind === "volume" && adoptVolumes) {
    const users = existing.users ?? [];
    if (users.length === 0) return undefined;
    return `\`${name}\`: it cannot be taken over while ${users.map((user) => `\`${user}\``).join(", ")} uses it: two servers on one data folder destroy it. Stop ${users.length > 1 ? "them" : "it"} first: \`docker stop ${users.join(" ")}\`.`;
  }
  const whose = existing.state
    ? `it belongs to the stack whose state is in \`${existing.state}\``
    : "who made it is unknown";
  const remove = `\`docker ${kind === "container" ? "rm -f" : `${kind} rm`} ${name}\``;
  const ways = [
    ...(existing.state ? ["work from the folder of that stack"] : []),
    "set another `namePrefix` (and `portOffset`) for this one",
    kind === "volume" ? `remove it with its data by ${remove}` : `remove it by ${remove}`,
    ...(kind === "volume" ? ["take it over by `npm run up -- --adopt`"] : []),
  ];
  return `\`${name}\`: a ${kind} of this name exists and is not in this stack's state; ${whose}. How to fix it: ${ways.join("; or ")}.`;
}

/** Lists the objects that are in the engine now. */
async function listEngine(): Promise<Existing[]> {
  const labels = [OWNER_LABEL, STATE_LABEL].map((label) => `{{.Label "${label}"}}`);
  const list = async (args: string[], ...fields: string[]): Promise<string[][]> => {
    const text = await docker(...args, "--format", fields.join("\t"));
    return text.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")]));
  };
  const [containers, networks, volumes] = await Promise.all([
    list(["ps", "--all", "--no-trunc"], "{{.Names}}", ...labels, "{{.Mounts}}", "{{.State}}"),
    list(["network", "ls"], "{{.Name}}", ...labels),
    list(["volume", "ls"], "{{.Name}}", ...labels, "{{.Mountpoint}}"),
  ]);
  const existing = (kind: Kind, [name = "", owner, state]: string[]): Existing => ({
    kind,
    name,
    ...(owner && { owner }),
    ...(state && { state }),
  });
  // A bind mount of the volume's folder is a use of it too.
  const usersOf = (volume: string, folder: string) =>
    containers.filter(([, , , mounts = ""]) =>
      mounts.split(",").some((mount) => [volume, folder].includes(mount.replace(/\/+$/, ""))),
    );
  return [
    ...containers.map((fields) => existing("container", fields)),
    ...networks.map((fields) => existing("network", fields)),
    ...volumes.map(([name = "", owner = "", state = "", folder = ""]) => {
      const users = usersOf(name, folder);
      const running = users.filter(([, , , , containerState]) => containerState === "running");
      return {
        ...existing("volume", [name, owner, state || users[0]?.[2] || ""]),
        users: running.map(([user = ""]) => user),
      };
    }),
  ];
}

/**
 * Removes a container or network of this stack that its state does not hold: a run that died made it and could not note
 * it. Pulumi is about to make it, and would find its name taken. A container that runs is stopped first, so that it
 * writes what it still holds.
 */
async function removeUnrecorded({ kind, name, owner }: Existing): Promise<void> {
  if (kind === "network") {
    const ofOwner = ["--filter", `label=${OWNER_LABEL}=${owner}`, "--format", "{{.Names}}"];
    const guests = await docker("ps", "--all", "--filter", `network=${name}`, ...ofOwner);
    // The state holds none of them either: it notes a network before what is on it.
    for (const guest of guests.split("\n").filter(Boolean)) await removeContainer(guest);
    await docker("network", "rm", name);
  } else if (kind === "container") await removeContainer(name);
}

async function removeContainer(name: string): Promise<void> {
  await docker("stop", name);
  await docker("rm", "--force", "--volumes", name);
}

/**
 * Labels what the program makes from here on, and checks each name first.
 *
 * @param state place of the stack's state, such as a back-end URL
 */
export function guardOwnership(state: string): void {
  const id = new random.RandomId("owner", { byteLength: 8 }, { protect: true }).hex;
  const labels = [
    { label: OWNER_LABEL, value: id },
    { label: STATE_LABEL, value: state },
  ];
  let engine: Promise<Existing[]> | undefined;
  const adoptVolumes = process.env.LLM_STACK_ADOPT === "1";
  // Now: within a hook, Pulumi's SDK does not know.
  const isPreview = pulumi.runtime.isDryRun();

  const hook = new pulumi.ResourceHook(
    "name-is-free",
    async (args) => {
      engine ??= listEngine();
      const kind = KINDS[args.type];
      const inputs = args.newInputs ?? {};
      const existing = (await engine).find((object) => object.kind === kind && object.name === inputs.name);
      const problem = refusal(existing, ownerOf(inputs), adoptVolumes);
      if (problem !== undefined) throw new Error(problem);
      if (existing === undefined || isPreview || kind === "volume") return;
      // Replaced ones are gone by now. Whoever has the name still was made by a run that died.
      const now = (await listEngine()).find((object) => object.kind === kind && object.name === inputs.name);
      if (now === undefined || refusal(now, ownerOf(inputs), false) !== undefined) return;
      await removeUnrecorded(now);
      pulumi.log.info(`\`${now.name}\` was made by a run that could not note it; it is made again.`);
    },
    { onDryRun: true },
  );

  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const kind = KINDS[type];
    if (kind === undefined) return undefined;
    // A changed label would replace a volume, and lose its data. One of before, or one that was taken over, stays as it is.
    const kept = kind === "volume" ? { ignoreChanges: ["labels"] } : {};
    return {
      props: { ...props, labels: [...(props.labels ?? []), ...labels] },
      opts: pulumi.mergeOptions(opts, { hooks: { beforeCreate: [hook] }, ...kept }),
    };
  });
}

/** The owner among a resource's label inputs; undefined where it is not known yet. */
function ownerOf(inputs: Record<string, unknown>): string | undefined {
  const labels = inputs.labels;
  if (!Array.isArray(labels)) return undefined;
  const value: unknown = labels.find((entry) => entry?.label === OWNER_LABEL)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}
