/** Pulumi from the Go module proxy, for networks that let only package registries through. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { cached } from "../../setup/cache.ts";
import type { Report } from "../../setup/programs.ts";
import { installPlugin } from "../../setup/pulumi/official.ts";
import { POLICY_STARTER, putPolicyStarter } from "../../setup/pulumi/policy-starter.ts";
import { archiveName, PLUGINS, PULUMI_VERSION } from "../../setup/pulumi/versions.ts";
import { findGo, goBuild } from "../go.ts";
import { NO_DELAY } from "./no-delay.ts";

const SOURCES = fileURLToPath(new URL("./go/", import.meta.url));
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Where the program stands in the cache folder of {@link BuiltKeys.cli}. */
export const BUILT_BIN = "bin";

/** Cache keys: each names versions and recipe, so that an edited recipe is built anew. */
export interface BuiltKeys {
  readonly cli: string;
  readonly home: string;
}

export function builtKeys(): BuiltKeys {
  const cli = recipe(join(SOURCES, "cli"), POLICY_STARTER);
  const plugins = recipe(join(SOURCES, "plugins"), String(NO_DELAY.text));
  return {
    cli: `pulumi/${PULUMI_VERSION}-built-${cli}`,
    home: `pulumi-home/${PULUMI_VERSION}-docker-${PLUGINS.docker}-random-${PLUGINS.random}-built-${plugins}`,
  };
}

/** A short hash over names and contents of all files below the folder, and what else decides. */
function recipe(folder: string, ...more: string[]): string {
  const hash = createHash("sha256");
  for (const text of more) hash.update(text);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(path.slice(folder.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 8);
}

/**
 * Builds the CLI with its language host, and the plug-ins, each unless it is in the cache.
 *
 * @throws UserError when Go is missing or too old, the module proxy is not reachable, or the disk is full
 */
export async function buildPulumi(report: Report, env: NodeJS.ProcessEnv, root: string): Promise<void> {
  archiveName(process.platform, process.arch);
  const go = await findGo(undefined, env);
  const keys = builtKeys();
  const cli = await cached(keys.cli, (dir) => buildCli(report, go, dir, env), root);
  await cached(
    keys.home,
    async (home) => {
      const names = Object.entries(PLUGINS).map(([name, version]) => `${name} ${version}`);
      report(`building Pulumi's plug-ins ${names.join(" and ")} (3 to 5 minutes the first time)`);
      const work = join(home, "build");
      await buildPlugins(go, work, env);
      for (const [name, version] of Object.entries(PLUGINS)) {
        const pulumi = join(cli.dir, BUILT_BIN, "pulumi");
        await installPlugin(pulumi, home, name, version, ["--file", join(work, name)], env);
      }
      await rm(work, { recursive: true });
    },
    root,
  );
}

async function buildCli(report: Report, go: string, dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const bin = join(dir, BUILT_BIN);
  report(`building Pulumi ${PULUMI_VERSION} from Go modules (3 to 5 minutes the first time)`);
  await goBuild(
    go,
    {
      module: join(SOURCES, "cli"),
      packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "./pulumi-language-nodejs"],
      output: `${bin}/`,
      variables: { [VERSION_VARIABLE]: `v${PULUMI_VERSION}` },
    },
    env,
  );
  await putPolicyStarter(bin);
}

/** Each plug-in is a folder: the program, and beside it the schema that it reads. */
async function buildPlugins(go: string, dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  await goBuild(
    go,
    {
      module: join(SOURCES, "plugins"),
      packages: ["./schema", ...Object.keys(PLUGINS).map((name) => `./pulumi-resource-${name}`)],
      output: `${dir}/`,
      tags: ["no_compose"], // leaves Docker Compose out of the Docker provider
      edits: [NO_DELAY],
    },
    env,
  );
  for (const name of Object.keys(PLUGINS)) {
    const folder = join(dir, name);
    const args = [name, "schema", "--out", folder, "--skip-docs", "--skip-examples"];
    const generated = await execa(join(dir, "schema"), args, {
      env,
      extendEnv: false,
      cwd: dir,
      reject: false,
    });
    if (generated.failed) {
      throw new UserError(`the schema of the plug-in \`${name}\` could not be made: ${generated.stderr}`, {
        cause: generated,
      });
    }
    await rm(join(folder, "Pulumi.yaml")); // the generator's own project, not part of a plug-in
    await rename(join(dir, `pulumi-resource-${name}`), join(folder, `pulumi-resource-${name}`));
  }
}
