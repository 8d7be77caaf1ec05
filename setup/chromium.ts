/** Finds a Chromium for the tests of the web UI, or installs one. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../config/errors.ts";
import { aptInstall, type Report, withAptLock } from "./programs.ts";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const HOW_TO_FIX = `Install Chromium (Debian: \`sudo apt-get install chromium\`) or Google Chrome, so that one of ${PROGRAMS.map((name) => `\`${name}\``).join(", ")} is on \`PATH\``;

/** What the machine offers. */
export interface ChromiumOffer {
  /** A Chromium that is on `PATH`. */
  readonly found: string | undefined;
  readonly aptGet: boolean;
  readonly root: boolean;
}

/**
 * The Chromium that is there, else `install`.
 *
 * @throws {UserError} where none is there and none can be installed, with how to fix it
 */
export function chooseChromium({ found, aptGet, root }: ChromiumOffer): { path: string } | "install" {
  if (found !== undefined) return { path: found };
  if (!aptGet) throw new UserError(`\`chromium\`: not found. ${HOW_TO_FIX}.`);
  if (!root) throw new UserError(`\`chromium\`: not found, and only root may install it. ${HOW_TO_FIX}.`);
  return "install";
}

/** The first program of a Chromium that `path`, a value of `PATH`, leads to. */
export function chromiumOn(path: string, exists: (file: string) => boolean = existsSync): string | undefined {
  const folders = path.split(delimiter).filter(Boolean);
  return PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(exists);
}

/**
 * Path of a Chromium: one that is on `PATH` as it is, else Debian's, which is installed first (as root).
 *
 * @throws {UserError} when there is none and none can be had, with how to fix it
 */
export async function findChromium(report: Report): Promise<string> {
  const choose = () =>
    chooseChromium({
      found: chromiumOn(process.env.PATH ?? ""),
      aptGet: existsSync("/usr/bin/apt-get"),
      root: process.getuid?.() === 0,
    });
  const chosen = choose();
  if (chosen !== "install") return chosen.path;
  return withAptLock(async () => {
    if (choose() === "install") await install(report);
    const installed = choose();
    if (installed === "install")
      throw new UserError(`\`chromium\`: installed, but not found. ${HOW_TO_FIX}.`);
    return installed.path;
  });
}

async function install(report: Report): Promise<void> {
  try {
    await aptInstall(["chromium"], report);
  } catch (error) {
    // Ubuntu has Chromium as a snap only.
    if (error instanceof UserError) throw new UserError(`${error.message}\n${HOW_TO_FIX}.`, { cause: error });
    throw error;
  }
}
