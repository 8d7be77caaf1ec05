/** Pulumi as its makers publish it. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { cached } from "../cache.ts";
import { download } from "../download.ts";
import type { Report } from "../programs.ts";
import { putPolicyStarter } from "./policy-starter.ts";
import { archiveName, PLUGINS, PULUMI_VERSION } from "./versions.ts";

export const OFFICIAL_URL = "https://get.pulumi.com";

export const officialKeys = {
  cli: `pulumi/${PULUMI_VERSION}-official`,
  home: `pulumi-home/${PULUMI_VERSION}-docker-${PLUGINS.docker}-random-${PLUGINS.random}-official`,
} as const;

/** Where the program stands in the cache folder of {@link officialKeys.cli}. */
export const OFFICIAL_BIN = "pulumi";

/**
 * Downloads the CLI and installs the plug-ins, each unless it is in the cache.
 *
 * @throws UserError that names the address or the plug-in that failed
 */
export async function downloadPulumi(
  report: Report,
  baseUrl: string,
  env: NodeJS.ProcessEnv,
  root: string,
): Promise<void> {
  const archive = archiveName(process.platform, process.arch);
  const cli = await cached(
    officialKeys.cli,
    async (dir) => {
      const url = `${baseUrl}/releases/sdk/${archive}`;
      report(`downloading Pulumi ${PULUMI_VERSION} from ${new URL(url).host}`);
      const file = join(dir, archive);
      await download(url, file);
      await unpack(file, dir, url);
      await rm(file);
      await putPolicyStarter(join(dir, OFFICIAL_BIN));
    },
    root,
  );
  await cached(
    officialKeys.home,
    async (home) => {
      for (const [name, version] of Object.entries(PLUGINS)) {
        report(`downloading Pulumi's plug-in ${name} ${version}`);
        await installPlugin(join(cli.dir, OFFICIAL_BIN, "pulumi"), home, name, version, [], env);
      }
    },
    root,
  );
}

async function unpack(file: string, dir: string, url: string): Promise<void> {
  const unpacked = await execa("tar", ["-xzf", file, "-C", dir], { reject: false });
  if (unpacked.failed) {
    throw new UserError(
      `what \`${url}\` gave could not be unpacked: ${unpacked.stderr || unpacked.message}`,
      {
        cause: unpacked,
      },
    );
  }
}

/** `pulumi plugin install resource`, into the plug-in folder of `home`. */
export async function installPlugin(
  pulumi: string,
  home: string,
  name: string,
  version: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const installed = await execa(pulumi, ["plugin", "install", "resource", name, version, ...flags], {
    env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    reject: false,
  });
  if (installed.failed) {
    throw new UserError(
      `Pulumi's plug-in \`${name}\` ${version} could not be installed: ${installed.stderr}`,
      {
        cause: installed,
      },
    );
  }
}
