/** Finds or makes everything that a stack needs on this machine, and notes what it took. */

import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Listr } from "listr2";
import { stackConfigFromFiles } from "../config/from-files.ts";
import { type Prepared, preparedPath, readPrepared } from "../config/prepared.ts";
import { printable } from "../config/printable.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { compilePlugins } from "./compile.ts";
import { type Engine, findEngine } from "./engine.ts";
import type { LoadFromSource } from "./from-source.ts";
import { prepareImages } from "./images/index.ts";
import { prepareModels } from "./models.ts";
import type { Report } from "./programs.ts";
import { type PulumiInstallation, preparePulumi } from "./pulumi/index.ts";

/** What it takes to run Pulumi on a stack. */
export interface Toolchain {
  readonly root: string;
  readonly stack: string;
  readonly engine: Engine;
  readonly pulumi: PulumiInstallation;
}

/** Everything that commands need to deploy a stack and to look at it. */
export interface Workspace extends Toolchain {
  readonly config: StackConfig;
  readonly prepared: Prepared;
}

/** How preparation shows itself. */
export interface PrepareOptions {
  /** Print nothing, for commands whose output a program reads. Default: progress is shown. */
  readonly quiet?: boolean;
}

type Task<T> = (report: Report, title: (text: string) => void) => Promise<T>;

/** Runs one step after the other with progress; plain lines where there is no terminal. */
function progress(options: PrepareOptions) {
  return async <T>(title: string, work: Task<T>): Promise<T> => {
    let result: { value: T } | undefined;
    const list = new Listr<unknown, "default", "verbose">(
      [
        {
          title,
          task: async (_, task) => {
            const value = await work(
              (line) => {
                task.output = printable(line);
              },
              (text) => {
                task.title = text;
              },
            ).catch((error) => {
              // The list shows it, with what programs said.
              if (error instanceof Error && !(error instanceof DOMException))
                error.message = printable(error.message);
              throw error;
            });
            result = { value };
          },
        },
      ],
      {
        silentRendererCondition: options.quiet ?? false,
        fallbackRenderer: "verbose",
        fallbackRendererOptions: { logTitleChange: false },
      },
    );
    await list.run();
    return (result as { value: T }).value;
  };
}

/**
 * Prepares what Pulumi needs, whatever the config says: for commands that a bad config must not stop.
 *
 * @param fromSource makes what is not available officially
 */
export async function prepareToolchain(
  root: string,
  stack: string,
  fromSource: LoadFromSource,
  options: PrepareOptions = {},
): Promise<Toolchain> {
  const step = progress(options);
  const engine = await step("Docker engine", async (report, title) => {
    const found = await findEngine(report);
    title(`Docker engine ${found.version}, ${found.cpus} cores`);
    return found;
  });
  const pulumi = await step("Pulumi", async (report, title) => {
    const found = await preparePulumi(report, fromSource);
    title(`Pulumi ${found.version} (${found.source})`);
    return found;
  });
  await compilePlugins(root);
  return { root, stack, engine, pulumi };
}

/**
 * Prepares this machine for `stack` of the project at `root`. A second run takes well under a second.
 *
 * @param fromSource makes what is not available officially
 * @throws {ConfigError} before anything is touched, when the config is bad
 */
export async function prepare(
  root: string,
  stack: string,
  fromSource: LoadFromSource,
  options: PrepareOptions = {},
): Promise<Workspace> {
  const config = stackConfigFromFiles(root, stack);
  const previous = existsSync(preparedPath(root, stack)) ? readPrepared(root, stack) : undefined;
  const toolchain = await prepareToolchain(root, stack, fromSource, options);
  const step = progress(options);
  const images = await step("Images", async (report, title) => {
    const found = await prepareImages(config.images, report, { previous: previous?.images, fromSource });
    const names = Object.entries(found).map(
      ([service, image]) => `${service} ${image.version} (${image.source})`,
    );
    title(`Images: ${names.join(", ")}`);
    return found;
  });
  const models = await step("Models", async (report, title) => {
    const found = await prepareModels(config, previous, fromSource, report);
    title(
      found.standIn
        ? `Models: ${found.standIn.name} stands in for \`${found.standIn.for}\`, as the Ollama registry cannot be reached`
        : "Models: as declared",
    );
    return found;
  });

  const { host: _, ...figures } = toolchain.engine;
  const prepared: Prepared = { engine: figures, images, ...models };
  await write(preparedPath(root, stack), `${JSON.stringify(prepared, null, 2)}\n`);
  return { ...toolchain, config, prepared };
}

/** Replaces a file as a whole, and only when its text changed. */
async function write(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, "utf8")) === text) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
