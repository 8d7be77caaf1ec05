/** The stack's containers as the Docker engine sees them. */

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { DATABASE, PROXY } from "../../config/names.ts";
import type { Service } from "../../config/services.ts";
import type { StackConfig } from "../../config/stack-config.ts";

/** A container that the config declares. */
export interface DeclaredContainer {
  /** Its name in the engine. */
  readonly name: string;
  /** What commands also call it: the name without the prefix, and `db` for the database. */
  readonly aliases: readonly string[];
  readonly service: Service;
}

/** Every container that the config declares, in the order in which they depend on each other. */
export function declaredContainers(config: StackConfig): DeclaredContainer[] {
  const { namePrefix } = config;
  return [
    {
      name: `${namePrefix}${DATABASE.container}`,
      aliases: [DATABASE.hostName, "database", DATABASE.container, "postgres"],
      service: "postgres",
    },
    ...config.ollama.map(
      ({ name }): DeclaredContainer => ({ name: `${namePrefix}${name}`, aliases: [name], service: "ollama" }),
    ),
    { name: `${namePrefix}${PROXY.container}`, aliases: [PROXY.container, "proxy"], service: "litellm" },
  ];
}

/**
 * The container that `name` means: a container's own name, or a service such as `db` or `proxy`.
 *
 * @throws {UserError} with the known names
 */
export function containerFor(config: StackConfig, name: string): string {
  const containers = declaredContainers(config);
  // A server may be called `postgres` or `proxy`: its own name comes before those of services.
  const found =
    containers.find((container) => container.name === name) ??
    containers.find(({ aliases, service }) => service === "ollama" && aliases.includes(name)) ??
    containers.find(({ aliases }) => aliases.includes(name));
  if (found === undefined)
    throw new UserError(`\`${name}\`: no such container; there are ${containerNames(config)}.`);
  return found.name;
}

/** The names that commands take, for messages. */
export const containerNames = (config: StackConfig) =>
  declaredContainers(config)
    .map((container) => `\`${container.aliases[0]}\``)
    .join(", ");

/** State of one container now. */
export interface ContainerState {
  readonly name: string;
  /** Docker's word (`running`, `exited`, `restarting` …), or `missing`. */
  readonly state: string;
  /** `healthy`, `starting`, `unhealthy`, or `none`. */
  readonly health: string;
  readonly image?: string;
  readonly restarts: number;
}

/** Looks at containers by name, in the order of `names`. */
export async function inspectContainers(names: readonly string[]): Promise<ContainerState[]> {
  const result = await execa("docker", ["inspect", "--type", "container", ...names], { reject: false });
  if (result.failed && !/No such/i.test(result.stderr)) {
    throw new UserError(`\`docker inspect\` failed: ${result.stderr}`);
  }
  interface Inspected {
    Name: string;
    Image: string;
    RestartCount: number;
    State: { Status: string; Health?: { Status: string } };
  }
  const found: Inspected[] = JSON.parse(result.stdout || "[]");
  return names.map((name) => {
    const container = found.find((entry) => entry.Name === `/${name}`);
    if (container === undefined) return { name, state: "missing", health: "none", restarts: 0 };
    return {
      name,
      state: container.State.Status,
      health: container.State.Health?.Status ?? "none",
      image: container.Image,
      restarts: container.RestartCount,
    };
  });
}

/** Whether a container cannot become healthy by itself. */
function hopeless(container: ContainerState): boolean {
  return (
    ["missing", "exited", "dead", "restarting", "created", "paused"].includes(container.state) ||
    container.health === "unhealthy"
  );
}

/**
 * Waits until every container is healthy; stops early when one has failed for good.
 *
 * @param seconds how long at most
 * @returns the containers that are not healthy
 */
export async function waitHealthy(names: readonly string[], seconds: number): Promise<ContainerState[]> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(200)) {
    const bad = (await inspectContainers(names)).filter(
      (container) => container.health !== "healthy" || container.state !== "running",
    );
    if (bad.length === 0 || bad.some(hopeless) || Date.now() > end) return bad;
  }
}

/** The last lines that a container logged. */
export async function lastLogLines(name: string, lines = 15): Promise<string> {
  const result = await execa("docker", ["logs", "--tail", String(lines), name], { all: true, reject: false });
  return result.all?.trim() ?? "";
}
