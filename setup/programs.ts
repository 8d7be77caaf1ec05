/** Programs of this machine: running them, and installing what is missing from Debian packages. */

import { join } from "node:path";
import { execa, type Options } from "execa";
import { UserError } from "../config/errors.ts";
import { cacheDir, withLock } from "./cache.ts";

/** Takes short lines of progress. */
export type Report = (line: string) => void;

/** Lines of a failed command that are shown. */
const LAST_LINES = 12;

/** The end of what a failed command printed. */
export function lastLines(text: string | undefined, count = LAST_LINES): string {
  return (text ?? "").trimEnd().split("\n").slice(-count).join("\n");
}

/**
 * Runs a program; what it prints is shown only when it fails.
 *
 * @throws {UserError} with its last lines
 */
export async function run(file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const done = await execa(file, args, { ...options, all: true, reject: false });
  if (done.failed) {
    const shown = typeof done.all === "string" && done.all !== "" ? done.all : done.shortMessage;
    throw new UserError(`\`${file} ${args[0] ?? ""}\` failed:\n${lastLines(shown)}`, { cause: done });
  }
  return typeof done.stdout === "string" ? done.stdout : "";
}

/**
 * Makes sure that `probe` runs, by installing Debian packages where it does not.
 *
 * @param purpose ends the sentence "is needed to …"
 * @throws {UserError} where they cannot be installed, with the command for an administrator
 */
export async function needProgram(
  probe: readonly [string, ...string[]],
  packages: readonly string[],
  purpose: string,
  report: Report,
): Promise<void> {
  if (await runs(probe)) return;
  await withAptLock(async () => {
    if (await runs(probe)) return;
    if (process.getuid?.() !== 0 || !(await runs(["apt-get", "--version"]))) {
      throw new UserError(
        `\`${probe.join(" ")}\` does not run; it is needed to ${purpose}. Install it (Debian, Ubuntu: \`sudo apt-get install ${packages.join(" ")}\`), or name a registry that can be reached in \`images.registry\`.`,
      );
    }
    await aptInstall(packages, report);
  });
}

async function runs([file, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  return !(await execa(file, args, { reject: false })).failed;
}

/** Runs `work` while no other run of this project installs Debian packages. */
export function withAptLock<T>(work: () => Promise<T>): Promise<T> {
  return withLock(join(cacheDir(), ".locks", "apt"), work);
}

/**
 * Installs Debian packages, as root.
 *
 * @throws {UserError} with apt's last lines
 */
export async function aptInstall(packages: readonly string[], report: Report): Promise<void> {
  report(`installing Debian packages ${packages.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  await run("apt-get", ["update", "--quiet"], { env });
  await run("apt-get", ["install", ...options, ...packages], { env });
}
