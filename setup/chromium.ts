/** Finds a Chromium for the tests of the web UI, or installs one. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../from-source/packages.ts";
import { cacheDir, withLock } from "./cache.ts";
import { UserError } from "./errors.ts";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const WAY_OUT = `Install Chromium (Debian: \`sudo apt-get install chromium\`) or Google Chrome, so that one of ${PROGRAMS.map((name) => `\`${name}\``).join(", ")} is on \`PATH\``;

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
 * @throws {UserError} where none is there and none can be installed, with the way out
 */
export function chooseChromium({ found, aptGet, root }: ChromiumOffer): { path: string } | "install" {
  if (found !== undefined) return { path: found };
  if (!aptGet) throw new UserError(`\`chromium\`: not found. ${WAY_OUT}.`);
  if (!root) throw new UserError(`\`chromium\`: not found, and only root may install it. ${WAY_OUT}.`);
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
 * @throws {UserError} when there is none and none can be had, with the way out
 */
export async function findChromium(report: (line: string) => void): Promise<string> {
  const choose = () =>
    chooseChromium({
      found: chromiumOn(process.env.PATH ?? ""),
      aptGet: existsSync("/usr/bin/apt-get"),
      root: process.getuid?.() === 0,
    });
  const chosen = choose();
  if (chosen !== "install") return chosen.path;
  return withLock(join(cacheDir(), ".locks", "apt"), async () => {
    if (choose() === "install") {
      report("installing Debian package chromium");
      await install();
    }
    const installed = choose();
    if (installed === "install") throw new UserError(`\`chromium\`: installed, but not found. ${WAY_OUT}.`);
    return installed.path;
  });
}

async function install(): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  try {
    await run("apt-get", ["update", "--quiet"], { env });
    await run("apt-get", ["install", ...options, "chromium"], { env });
  } catch (error) {
    // Ubuntu has Chromium as a snap only.
    if (error instanceof UserError) throw new UserError(`${error.message}\n${WAY_OUT}.`, { cause: error });
    throw error;
  }
}
