/** Builds images with the Docker engine, each recipe once. */

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { cacheDir, withLock } from "../../setup/cache.ts";
import { holdsImage } from "../../setup/images/docker.ts";
import { lastLines, type Report } from "../../setup/programs.ts";
import { labels, type Recipe } from "./recipe.ts";

/** The processor architecture of the engine, by Debian's name. */
export type Arch = "amd64" | "arm64";

/** @throws {UserError} where images cannot be built: another system or processor than the engine's */
export async function buildArch(): Promise<Arch> {
  const host =
    process.platform === "linux" ? { x64: "amd64", arm64: "arm64" }[process.arch as string] : undefined;
  const { stdout: engine } = await execa("docker", [
    "version",
    "--format",
    "{{.Server.Os}}/{{.Server.Arch}}",
  ]);
  if (host === undefined || engine !== `linux/${host}`) {
    throw new UserError(
      `\`images.source\`: images for the engine (${engine}) cannot be built on this machine (${process.platform}/${process.arch}). Name a registry that can be reached in \`images.registry\`.`,
    );
  }
  return host as Arch;
}

/** How a built image comes about. */
export interface Build {
  readonly recipe: Recipe;
  /** For `org.opencontainers.image.title`. */
  readonly title: string;
  /** Runs before `fill`: gathers what the image is made of. */
  readonly fill: (context: string) => Promise<void>;
  /** Turns the filled folder into the image of the recipe. Default: `docker build`. */
  readonly make?: (context: string, labels: Record<string, string>) => Promise<void>;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * Makes the image of a recipe unless the engine holds it. Two runs at once make it once; the tag appears only on
 * a finished image.
 */
export async function buildOnce(build: Build, report: Report): Promise<void> {
  const { ref, service } = build.recipe;
  if (await holdsImage(ref)) return;
  await withLock(join(cacheDir(), ".locks", `image-${service}`), async () => {
    if (await holdsImage(ref)) return;
    const context = join(cacheDir(), "build", service);
    await rm(context, { recursive: true, force: true });
    await mkdir(context, { recursive: true });
    try {
      await build.fill(context);
      report(`building ${ref}`);
      const named = labels(build.recipe, build.title);
      await (build.make?.(context, named) ?? dockerBuild(ref, context, named, build.buildArgs ?? {}, report));
    } finally {
      await rm(context, { recursive: true, force: true });
      // What an earlier stage leaves behind has no tag and this label. (Right after the build it still counts as in use.)
      await execa("docker", ["image", "prune", "--force", "--filter", "label=llm-stack.stage=build"]);
    }
  });
}

/** The classic builder: BuildKit's one needs a plug-in that Debian's engine does not have. No network inside. */
async function dockerBuild(
  ref: string,
  context: string,
  named: Record<string, string>,
  buildArgs: Readonly<Record<string, string>>,
  report: Report,
): Promise<void> {
  const args = [
    ...Object.entries(named).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
  const build = execa(
    "docker",
    ["build", "--force-rm", "--network", "none", "--tag", ref, ...args, context],
    {
      env: { DOCKER_BUILDKIT: "0" },
      all: true,
      reject: false,
    },
  );
  for await (const line of build.iterable({ from: "all" })) if (line.startsWith("Step ")) report(line);
  const done = await build;
  if (done.failed)
    throw new UserError(`building \`${ref}\` failed:\n${lastLines(done.all)}`, { cause: done });
}
