/** A stack's state: made where it is not there, and read. */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Toolchain } from "../../setup/prepare.ts";
import { ownBackend, pulumiEnvironment, stateFolder } from "./environment.ts";
import { pulumi } from "./pulumi.ts";

/** Makes the state folder, the passphrase (once, mode 0600) and the stack, where they are not there. */
export async function ensureStack(toolchain: Toolchain): Promise<void> {
  const folder = stateFolder(toolchain.root);
  await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
  const settings = pulumiEnvironment(toolchain);
  const passphrase = settings.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (passphrase === join(folder, "passphrase") && !existsSync(passphrase)) {
    await writeFile(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  await removeDeadLocks(join(folder, "state", ".pulumi", "locks"));
  const checkpoint = join(folder, "state", ".pulumi", "stacks", "llm-stack", `${toolchain.stack}.json`);
  if (settings.PULUMI_BACKEND_URL !== ownBackend(toolchain.root) || !existsSync(checkpoint)) {
    await pulumi(toolchain, ["stack", "select", "--create", "--stack", toolchain.stack], { quiet: true });
  }
}

/** Pulumi's file back end does not check whether the run that holds a lock is still alive: a killed one would lock for ever. */
async function removeDeadLocks(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, "utf8").catch(() => ""); // Released meanwhile.
    if (text === "" || !isDeadLock(JSON.parse(text), hostname(), isAlive)) continue;
    await rm(path, { force: true });
    console.error("An earlier run was killed; its lock on the stack is removed.");
  }
}

/** Whether the holder of a lock ran on this machine and is no longer alive. */
export function isDeadLock(
  lock: { readonly pid?: number; readonly hostname?: string },
  host: string,
  alive: (pid: number) => boolean,
): boolean {
  return lock.pid !== undefined && lock.hostname === host && !alive(lock.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
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
