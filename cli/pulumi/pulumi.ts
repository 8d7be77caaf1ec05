/** Runs the prepared Pulumi on a stack. */

import { execa } from "execa";
import type { Toolchain } from "../../setup/prepare.ts";
import { passOn } from "../output/terminal.ts";
import { pulumiEnvironment, stateFolder } from "./environment.ts";
import { handInterruptsOn, startWatchdog } from "./interrupts.ts";
import { notePlace } from "./locks.ts";
import { endRun, ownRun, RUN_VARIABLE } from "./processes.ts";

/** How a Pulumi command is run. */
export interface PulumiOptions {
  /** Keep what it prints to itself, unless it fails. Default: shown as it comes. */
  readonly quiet?: boolean;
  /** What becomes of the text that is shown. Default: nothing else. */
  readonly filter?: { take(text: string): string; end(): string };
  /** What it reads from its standard input. Default: nothing. */
  readonly input?: string;
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
  const startsPlugins = PLUGIN_COMMANDS.has(args[0] ?? "");
  if (startsPlugins) {
    startWatchdog();
    await notePlace(stateFolder(toolchain.root));
  }
  const color = !options.quiet && process.stdout.isTTY ? "always" : "never";
  const command = execa("pulumi", [...args, "--non-interactive", "--color", color], {
    cwd: toolchain.root,
    env: { ...pulumiEnvironment(toolchain), [RUN_VARIABLE]: ownRun(), ...options.env },
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    buffer: options.quiet ?? false,
    detached: startsPlugins,
    reject: false,
  });
  if (!options.quiet) {
    // Not inherited: a write to a terminal or pipe that is gone would kill it in the middle of its work.
    const { filter } = options;
    command.stdout.setEncoding("utf8");
    command.stdout.on("data", (text: string) => passOn(filter ? filter.take(text) : text, "stdout"));
    command.stdout.on("end", () => passOn(filter?.end() ?? "", "stdout"));
    command.stderr.on("data", (text: Buffer) => passOn(text, "stderr"));
  }
  const interrupts = startsPlugins ? handInterruptsOn(command) : undefined;
  const done = await command.finally(() => interrupts?.release());
  // Its plug-ins outlive a Pulumi that was killed.
  if (startsPlugins && done.failed) await endRun(ownRun());
  if (interrupts?.interrupted) throw new Interrupted();
  if (done.failed) {
    const output = options.quiet ? `${done.stdout}\n${done.stderr}`.trim() : "";
    throw new PulumiFailed(args, done.exitCode, output, done);
  }
  return done.stdout ?? "";
}

/** Those that start plug-ins, which may outlive them. */
const PLUGIN_COMMANDS = new Set(["destroy", "preview", "refresh", "up"]);

/** A Pulumi command was interrupted, by Ctrl-C or another signal. */
export class Interrupted extends Error {
  override name = "Interrupted";

  constructor() {
    super("interrupted; the same command goes on from here");
  }
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
