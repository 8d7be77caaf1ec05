/**
 * The Pulumi that everything here runs with: always the pinned one in the cache. One that the system has on PATH
 * is not used: a newer CLI cannot run policy packs with a built language host, an older one was never tried.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { BUILT_BIN, buildPulumi, builtKeys } from "../../from-source/pulumi/build.ts";
import { cacheDir } from "../cache.ts";
import { reachable } from "../download.ts";
import { UserError } from "../errors.ts";
import { downloadPulumi, OFFICIAL_BIN, OFFICIAL_URL, officialKeys } from "./official.ts";
import { PULUMI_VERSION } from "./versions.ts";

export { PLUGINS, PULUMI_VERSION } from "./versions.ts";

export interface PulumiInstallation {
  /** Folder to put first on PATH: `pulumi`, the Node.js language host, the script that starts policy packs. */
  readonly bin: string;
  /** For `PULUMI_HOME`: holds the plug-ins docker and random. */
  readonly home: string;
  readonly version: string;
  /** Downloaded from Pulumi, or built from Go modules. */
  readonly source: "official" | "built";
}

export interface PulumiOptions {
  /**
   * `auto`, the default: what the cache holds, official before built; else official where it can be reached,
   * else built.
   */
  readonly source?: "auto" | "official" | "build";
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the official CLI is published. Default https://get.pulumi.com. */
  readonly baseUrl?: string;
}

/**
 * Finds or makes Pulumi with its plug-ins. Found in the cache it takes milliseconds; made, a minute or, built,
 * five to ten.
 *
 * @throws UserError that says what is in the way: platform, network, Go, disk
 */
export async function preparePulumi(
  report: (line: string) => void,
  options: PulumiOptions = {},
): Promise<PulumiInstallation> {
  const { source = "auto", env = process.env, baseUrl = OFFICIAL_URL } = options;
  const root = cacheDir(env);
  const official: PulumiInstallation = {
    bin: join(root, officialKeys.cli, OFFICIAL_BIN),
    home: join(root, officialKeys.home),
    version: PULUMI_VERSION,
    source: "official",
  };
  if (source !== "build" && isThere(official)) return official;
  const keys = builtKeys();
  const built: PulumiInstallation = {
    bin: join(root, keys.cli, BUILT_BIN),
    home: join(root, keys.home),
    version: PULUMI_VERSION,
    source: "built",
  };
  if (source !== "official" && isThere(built)) return built;
  try {
    if (source === "official" || (source === "auto" && (await reachable(baseUrl)))) {
      await downloadPulumi(report, baseUrl, env, root);
      return official;
    }
    await buildPulumi(report, env, root);
    return built;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
      throw new UserError(`No disk space is left in \`${root}\`: free about 2 GB and run it again.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function isThere(toolchain: PulumiInstallation): boolean {
  return existsSync(toolchain.bin) && existsSync(toolchain.home);
}
