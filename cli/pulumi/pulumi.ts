/** Runs the prepared Pulumi on a stack. */

import { execa } from "execa";
import type { Toolchain } from "../../setup/prepare.ts";
import { pulumiEnvironment } from "./environment.ts";

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
