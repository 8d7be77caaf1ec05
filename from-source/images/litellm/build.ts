/** LiteLLM from PyPI, in database mode with Prisma's WASM engine. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../../config/errors.ts";
import { cached } from "../../../setup/cache.ts";
import type { Report } from "../../../setup/programs.ts";
import { npmInstall, pipInstall } from "../../packages.ts";
import { prepareBase } from "../base.ts";
import { type Arch, buildArch, buildOnce } from "../build-once.ts";
import { hashOfFiles, recipe } from "../recipe.ts";
import { engineInputs } from "./engine-inputs.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** The official build for glibc 2.28 and newer, by way of npm. */
const NODE_VERSION = "20.19.6";
/** The newest client; LiteLLM's extra `proxy` does not name it. */
const PRISMA_CLIENT = "prisma==0.15.0";
/** For redis on the image's Python, which is older than 3.11.3: what pip installs depends on the host's Python. */
const ASYNC_TIMEOUT = "async-timeout==5.0.1";

/** @returns the reference of the image */
export async function buildLitellm(version: string, report: Report): Promise<string> {
  const arch = await buildArch();
  const base = await prepareBase(arch, report);
  const made = recipe("litellm", version, {
    base: base.hash,
    node: NODE_VERSION,
    prismaClient: PRISMA_CLIENT,
    asyncTimeout: ASYNC_TIMEOUT,
    files: hashFiles(["Dockerfile", "bin", `constraints-${version}.txt`]),
    engine: engineInputs(),
  });
  const fill = async (context: string) => {
    const [site, node] = [await sitePackages(version, arch, report), await nodeProgram(arch, report)];
    const prisma = await prismaCli(site, arch, report);
    await Promise.all([
      cp(join(HERE, "Dockerfile"), join(context, "Dockerfile")),
      cp(join(HERE, "bin"), join(context, "bin"), { recursive: true }),
      cp(site, join(context, "site"), { recursive: true }),
      cp(node, join(context, "node"), { recursive: true }),
      cp(prisma, join(context, "prisma"), { recursive: true, verbatimSymlinks: true }),
      queryEngine(join(context, "query-engine")),
    ]);
  };
  await buildOnce({ recipe: made, title: "LiteLLM", fill, buildArgs: { BASE: base.ref } }, report);
  return made.ref;
}

/**
 * LiteLLM and all it needs, without the scripts that name this machine's Python: the set that was tested where
 * there is one and the index holds all of it, else what pip finds.
 */
async function sitePackages(version: string, arch: Arch, report: Report): Promise<string> {
  const tested = join(HERE, `constraints-${version}.txt`);
  const known = existsSync(tested);
  const requirements = [`litellm[proxy]==${version}`, PRISMA_CLIENT, ASYNC_TIMEOUT];
  const { hash } = recipe("litellm", version, { requirements, files: hashFiles([basename(tested)]) });
  const { dir } = await cached(`litellm/${version}-${arch}-${hash}`, async (target) => {
    const install = { target, requirements, arch, dependencies: true };
    try {
      await pipInstall(known ? { ...install, constraints: tested } : install, report);
    } catch (error) {
      if (!known || !(error instanceof UserError)) throw error;
      report(
        `the tested set of packages is unavailable (${error.message.split("\n").at(-1)}); taking what pip finds`,
      );
      await pipInstall(install, report);
    }
    await rm(join(target, "bin"), { recursive: true, force: true });
  });
  return dir;
}

async function nodeProgram(arch: Arch, report: Report): Promise<string> {
  const { dir } = await cached(`node/${NODE_VERSION}-${arch}`, async (target) => {
    const name = `node-linux-${arch === "amd64" ? "x64" : "arm64"}`;
    const work = join(target, "npm");
    await npmInstall(work, [`${name}@${NODE_VERSION}`], arch, report);
    await cp(join(work, "node_modules", name, "bin", "node"), join(target, "node"));
    await rm(work, { recursive: true });
  });
  return dir;
}

/** The Prisma command line of the version that the installed client generator asks for. */
async function prismaCli(site: string, arch: Arch, report: Report): Promise<string> {
  const config = await readFile(join(site, "prisma", "_config.py"), "utf8");
  const version = prismaVersion(config);
  if (version === undefined)
    throw new UserError(
      `\`${site}/prisma/_config.py\` names no Prisma version; use another \`images.litellm.version\`.`,
    );
  const { dir } = await cached(`prisma/${version}-cli-${arch}`, async (target) => {
    await npmInstall(target, [`prisma@${version}`], arch, report);
    // The command line asks both engines for their version, and would download them otherwise.
    await writeFile(join(target, "engine"), "#!/bin/sh\necho engine 0\n", { mode: 0o755 });
  });
  return dir;
}

/** Prisma's version in the text of prisma-client-py's `_config.py`. */
export function prismaVersion(config: string): string | undefined {
  return /env='PRISMA_VERSION',\s*default='([\d.]+)'/.exec(config)?.[1];
}

/** The folder that becomes `/opt/llm-stack`. */
async function queryEngine(folder: string): Promise<void> {
  const { bundleQueryEngine } = await import("prisma-wasm-engine/bundle"); // Loads esbuild.
  await bundleQueryEngine(folder);
  const programs = {
    "query-engine": 'query-engine.cjs "$@"',
    migrate: 'migrate.cjs "$@" /usr/local/lib/python3.11/dist-packages/litellm_proxy_extras',
  };
  for (const [name, command] of Object.entries(programs)) {
    const script = `#!/bin/sh\nexec /usr/local/bin/node /opt/llm-stack/${command}\n`;
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
}

/** A hash over files and folders beside this module; what is missing is left out. */
function hashFiles(names: readonly string[]): string {
  return hashOfFiles(HERE, names.flatMap(filesBelow));
}

function filesBelow(name: string): string[] {
  const path = join(HERE, name);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [name];
  return readdirSync(path).flatMap((entry) => filesBelow(join(name, entry)));
}
