/** A stack's state: made where it is not there, and read. */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Toolchain } from "../../setup/prepare.ts";
import { isAlive } from "../../setup/processes.mjs";
import { printError } from "../output/terminal.ts";
import { ownBackend, pulumiEnvironment, stateFolder } from "./environment.ts";
import { pulumi } from "./pulumi.ts";

/**
 * Makes the state folder, the passphrase (once, mode 0600) and the stack, where they are not there.
 *
 * @returns whether an earlier run on the stack was killed, which nothing else runs on now
 */
export async function ensureStack(toolchain: Toolchain): Promise<{ readonly killedRun: boolean }> {
  const folder = stateFolder(toolchain.root);
  await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
  const settings = pulumiEnvironment(toolchain);
  const passphrase = settings.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (passphrase === join(folder, "passphrase") && !existsSync(passphrase)) {
    await writeFile(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  const locks = await removeDeadLocks(join(folder, "state", ".pulumi", "locks"));
  const checkpoint = join(folder, "state", ".pulumi", "stacks", "llm-stack", `${toolchain.stack}.json`);
  if (settings.PULUMI_BACKEND_URL !== ownBackend(toolchain.root) || !existsSync(checkpoint)) {
    await pulumi(toolchain, ["stack", "select", "--create", "--stack", toolchain.stack], { quiet: true });
  }
  return { killedRun: isKilledRun(toolchain.stack, locks) };
}

/** Stacks by what holds a lock on them. */
export interface Locks {
  /** A run that was killed; its lock is removed. */
  readonly dead: readonly string[];
  /** A run that is under way, or one of another machine. */
  readonly held: readonly string[];
}

/** Whether a run on `stack` was killed and no other one is under way, whose containers are not in the state yet either. */
export function isKilledRun(stack: string, { dead, held }: Locks): boolean {
  return dead.includes(stack) && !held.includes(stack);
}

/** Pulumi's file back end does not check whether the run that holds a lock is still alive: a killed one would lock for ever. */
async function removeDeadLocks(folder: string): Promise<Locks> {
  const dead: string[] = [];
  const held: string[] = [];
  if (!existsSync(folder)) return { dead, held };
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  // Beside each lock is a file of its attributes, `<lock>.attrs`.
  for (const file of files.filter((entry) => entry.isFile() && entry.name.endsWith(".json"))) {
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, "utf8").catch(() => ""); // Released meanwhile.
    if (text === "") continue;
    const stack = basename(file.parentPath);
    if (!(await isAbandoned(JSON.parse(text)))) {
      held.push(stack);
      continue;
    }
    for (const each of [path, `${path}.attrs`]) await rm(each, { force: true });
    dead.push(stack);
    printError("An earlier run was killed; its lock on the stack is removed.");
  }
  return { dead, held };
}

/** {@link isDeadLock}, given a killed process a second to end. */
async function isAbandoned(lock: Parameters<typeof isDeadLock>[0]): Promise<boolean> {
  for (let tries = 0; tries < 5; tries++) {
    if (isDeadLock(lock, hostname(), isAlive)) return true;
    await sleep(200);
  }
  return false;
}

/** Whether the holder of a lock ran on this machine and is no longer alive. */
export function isDeadLock(
  lock: { readonly pid?: number; readonly hostname?: string },
  host: string,
  alive: (pid: number) => boolean,
): boolean {
  return lock.pid !== undefined && lock.hostname === host && !alive(lock.pid);
}

/** The stack's outputs, secrets included. */
export interface Outputs {
  readonly proxyUrl: string;
  readonly openaiBaseUrl: string;
  readonly uiUrl: string;
  readonly models: readonly string[];
  readonly ollamaUrls: Readonly<Record<string, string>>;
  readonly masterKey: string;
  readonly databaseUrl: string;
}

/** Reads the stack's outputs; undefined where nothing is deployed. */
export async function stackOutputs(toolchain: Toolchain): Promise<Outputs | undefined> {
  const stdout = await pulumi(toolchain, ["stack", "output", "--json", "--show-secrets"], { quiet: true });
  const outputs: Partial<Outputs> = JSON.parse(stdout);
  return outputs.proxyUrl === undefined ? undefined : (outputs as Outputs);
}

/** A resource in the stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Whether a resource of the state is a container. */
export const isContainer = (resource: StateResource) => resource.type === "docker:index/container:Container";
/** Whether a resource of the state is the proxy's container; a model server may be called `proxy` as well. */
export const isProxy = (resource: StateResource) =>
  isContainer(resource) && /:LiteLlmProxy\$[^$]*::proxy$/.test(resource.urn);
/** Whether a resource of the state is a network. */
export const isNetwork = (resource: StateResource) => resource.type === "docker:index/network:Network";
/** Whether a resource of the state is a volume. */
export const isVolume = (resource: StateResource) => resource.type === "docker:index/volume:Volume";

/** The resources in the stack's state; secrets stay encrypted. */
export async function stackResources(toolchain: Toolchain): Promise<StateResource[]> {
  const stdout = await pulumi(toolchain, ["stack", "export"], { quiet: true });
  const state: { deployment?: { resources?: StateResource[] } } = JSON.parse(stdout);
  return state.deployment?.resources ?? [];
}
