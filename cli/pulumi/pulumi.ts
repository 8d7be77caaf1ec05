/** Runs the prepared Pulumi on a stack. */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Toolchain } from "../../setup/prepare.ts";

/** Folder of a clone that git ignores: state, passphrase, Pulumi's own stack files. */
const stateFolder = (root: string) => join(root, ".llm-stack");

/** The back end inside the clone. */
const ownBackend = (root: string) => pathToFileURL(join(stateFolder(root), "state")).href;

/** Names the clone that a shell's settings came from: `npm run env` sets it beside them. */
const ORIGIN = "LLM_STACK_ENV_OF";

/**
 * The settings that make `pulumi` work on this clone's stack. A back end or a passphrase of the caller's own
 * environment wins; those that another clone's `npm run env` put into the shell do not: they lead to its stack.
 */
export function pulumiEnvironment(
  toolchain: Toolchain,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const folder = stateFolder(toolchain.root);
  const given = [undefined, toolchain.root].includes(env[ORIGIN]) ? env : {};
  const ownPassphrase =
    given.PULUMI_CONFIG_PASSPHRASE !== undefined || given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    [ORIGIN]: toolchain.root,
    PATH: `${toolchain.pulumi.bin}:${env.PATH ?? ""}`,
    PULUMI_HOME: toolchain.pulumi.home,
    PULUMI_BACKEND_URL: given.PULUMI_BACKEND_URL ?? ownBackend(toolchain.root),
    ...(ownPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase") }),
    PULUMI_STACK: toolchain.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Only the prepared plug-ins, whatever else is on PATH.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    DOCKER_HOST: toolchain.engine.host,
  };
}

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

/** Pulumi's file back end never looks whether the run that holds a lock still lives; a killed one would lock for ever. */
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

/** Whether the holder of a lock ran on this machine and lives no more. */
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

/** How a Pulumi command is run. */
export interface PulumiOptions {
  /** Keep what it prints to itself, unless it fails. Default: shown as it comes. */
  readonly quiet?: boolean;
  /** Further environment variables. */
  readonly env?: Record<string, string>;
}

/**
 * Runs `pulumi` with the stack's settings. Returns what it printed to standard output, when quiet.
 *
 * @throws {PulumiFailed} when it ends with another code than 0
 */
export async function pulumi(
  toolchain: Toolchain,
  args: readonly string[],
  options: PulumiOptions = {},
): Promise<string> {
  const shown = options.quiet ? "pipe" : "inherit";
  const done = await execa("pulumi", [...args, "--non-interactive"], {
    cwd: toolchain.root,
    env: { ...pulumiEnvironment(toolchain), ...options.env },
    stdin: "ignore",
    stdout: shown,
    stderr: shown,
    reject: false,
  });
  if (done.failed) {
    const output = options.quiet ? `${done.stdout}\n${done.stderr}`.trim() : "";
    throw new PulumiFailed(args, done.exitCode, output, done);
  }
  return done.stdout ?? "";
}

/** A Pulumi command that ended with another code than 0. */
export class PulumiFailed extends Error {
  override name = "PulumiFailed";
  /** What it printed to standard output, when quiet. */
  readonly stdout: string;
  /** What it printed to standard error, when quiet. */
  readonly stderr: string;

  constructor(
    args: readonly string[],
    exitCode: number | undefined,
    output: string,
    printed: { readonly stdout?: string; readonly stderr?: string },
  ) {
    super(
      `\`pulumi ${args[0]}\` failed${exitCode === undefined ? "" : ` with exit code ${exitCode}`}${output ? `:\n${output}` : ", see above"}`,
    );
    this.stdout = printed.stdout ?? "";
    this.stderr = printed.stderr ?? "";
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
