/**
 * The Pulumi that everything here runs with: always the pinned one in the cache. One that the system has on PATH
 * is not used: a newer CLI cannot run policy packs with a built language host, an older one was never tried.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../config/errors.ts";
import { cacheDir } from "../cache.ts";
import { reachable } from "../download.ts";
import type { LoadFromSource, PulumiFolders } from "../from-source.ts";
import type { Report } from "../programs.ts";
import { downloadPulumi, OFFICIAL_BIN, OFFICIAL_URL, officialKeys } from "./official.ts";
import { PULUMI_VERSION } from "./versions.ts";

export { PLUGINS, PULUMI_VERSION } from "./versions.ts";

export interface PulumiInstallation extends PulumiFolders {
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
 * @param fromSource builds it; loaded only when no official one is in the cache
 * @throws {UserError} that says what is in the way: platform, network, Go, disk
 */
export async function preparePulumi(
  report: Report,
  fromSource: LoadFromSource,
  options: PulumiOptions = {},
): Promise<PulumiInstallation> {
  const { source = "auto", env = process.env, baseUrl = OFFICIAL_URL } = options;
  const root = cacheDir(env);
  const found = (folders: PulumiFolders, source: PulumiInstallation["source"]): PulumiInstallation => ({
    ...folders,
    version: PULUMI_VERSION,
    source,
  });
  const official = { bin: join(root, officialKeys.cli, OFFICIAL_BIN), home: join(root, officialKeys.home) };
  if (source !== "build" && isThere(official)) return found(official, "official");
  try {
    if (source !== "official") {
      const { pulumiFolders, buildPulumi } = await fromSource();
      const built = pulumiFolders(root);
      if (isThere(built)) return found(built, "built");
      if (source === "build" || !(await reachable(baseUrl))) {
        await buildPulumi(report, env, root);
        return found(built, "built");
      }
    }
    await downloadPulumi(report, baseUrl, env, root);
    return found(official, "official");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
      throw new UserError(`No disk space is left in \`${root}\`: free about 2 GB and run it again.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function isThere({ bin, home }: PulumiFolders): boolean {
  return existsSync(bin) && existsSync(home);
}
