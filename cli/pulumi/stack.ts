/** A stack's state: made where it is not there, and read. */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../config/errors.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { ownBackend, pulumiEnvironment, stateFolder } from "./environment.ts";
import { pulumi } from "./pulumi.ts";

/** Makes the state folder, the passphrase (once, mode 0600) and the stack, where they are not there. */
export async function ensureStack(toolchain: Toolchain): Promise<void> {
  const folder = stateFolder(toolchain.root);
  await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
  const settings = pulumiEnvironment(toolchain);
  const passphrase = settings.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (passphrase === join(folder, "passphrase") && !existsSync(passphrase)) await makePassphrase(passphrase);
  if (!hasOwnBackend(toolchain) || !existsSync(checkpointPath(toolchain))) {
    await pulumi(toolchain, ["stack", "select", "--create", "--stack", toolchain.stack], { quiet: true });
  }
}

/** As a whole or not at all: a run may die at any moment, and another one may make it at the same time. */
async function makePassphrase(path: string): Promise<void> {
  const half = `${path}.${process.pid}`;
  await writeFile(half, randomBytes(24).toString("base64url"), { mode: 0o600, flush: true });
  await link(half, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(half);
}

/**
 * For commands that must not make a stack.
 *
 * @throws {UserError} when there is none of this name, with those that there are
 */
export async function requireStack(toolchain: Toolchain): Promise<void> {
  const { stack } = toolchain;
  if (!hasOwnBackend(toolchain)) {
    await pulumi(toolchain, ["stack", "select", "--stack", stack], { quiet: true });
    return;
  }
  const checkpoint = checkpointPath(toolchain);
  if (existsSync(checkpoint)) return;
  const files = await readdir(dirname(checkpoint)).catch(() => []);
  const stacks = files.filter((name) => name.endsWith(".json")).map((name) => basename(name, ".json"));
  const others =
    stacks.length === 0
      ? "there is none yet"
      : `there ${stacks.length === 1 ? "is" : "are"} ${stacks.map((name) => `\`${name}\``).join(", ")}`;
  throw new UserError(`\`${stack}\`: there is no such stack; ${others}.`);
}

/** Removes the stack itself, and the copies of its state: they hold the secrets that it had. */
export async function removeStack(toolchain: Toolchain): Promise<void> {
  const { root, stack } = toolchain;
  // What is left in it is nowhere else: ids and passwords that were generated.
  await pulumi(toolchain, ["stack", "rm", "--yes", "--force", "--preserve-config", stack], { quiet: true });
  if (!hasOwnBackend(toolchain)) return;
  const state = join(stateFolder(root), "state", ".pulumi");
  for (const folder of ["backups", "history"])
    await rm(join(state, folder, "llm-stack", stack), { recursive: true, force: true });
  for (const ending of [".bak", ".bak.attrs"])
    await rm(`${checkpointPath(toolchain)}${ending}`, { force: true });
}

/** Whether the state is in this clone, and not in a back end of the caller's. */
export function hasOwnBackend(toolchain: Toolchain): boolean {
  return pulumiEnvironment(toolchain).PULUMI_BACKEND_URL === ownBackend(toolchain.root);
}

/** The file of the stack's state in this clone. */
export function checkpointPath({ root, stack }: Toolchain): string {
  return join(stateFolder(root), "state", ".pulumi", "stacks", "llm-stack", `${stack}.json`);
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
  /** When Pulumi noted it first (ISO 8601). */
  readonly created?: string;
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
