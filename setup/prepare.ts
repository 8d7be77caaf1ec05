/** Finds or makes everything that a stack needs on this machine, and notes what it took. */

import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Listr } from "listr2";
import type { StackConfig } from "../config/model.ts";
import { type Prepared, preparedPath, readPrepared } from "../config/prepared.ts";
import { readStackConfig } from "../config/read.ts";
import { type Engine, findEngine } from "./engine.ts";
import { prepareImages } from "./images/index.ts";
import { type PulumiToolchain, preparePulumi } from "./pulumi/index.ts";
import { ollamaRegistryReachable, prepareStandIn } from "./stand-in.ts";

/** Everything that commands need to work on a stack. */
export interface Machine {
  readonly root: string;
  readonly stack: string;
  readonly config: StackConfig;
  readonly engine: Engine;
  readonly pulumi: PulumiToolchain;
  readonly prepared: Prepared;
}

/**
 * Prepares this machine for `stack` of the project at `root`. A second run takes well under a second.
 *
 * @param options `quiet`: print nothing, for commands whose output a program reads
 */
export async function prepare(
  root: string,
  stack: string,
  options: { quiet?: boolean } = {},
): Promise<Machine> {
  const config = readStackConfig(root, stack);
  const previous = existsSync(preparedPath(root, stack)) ? readPrepared(root, stack) : undefined;
  const found: Partial<{
    engine: Engine;
    pulumi: PulumiToolchain;
    images: Prepared["images"];
    standIn: Prepared["standIn"];
  }> = {};

  const tasks = new Listr<unknown, "default", "verbose">(
    [
      {
        title: "Docker engine",
        task: async (_, task) => {
          const engine = await findEngine((line) => (task.output = line));
          found.engine = engine;
          task.title = `Docker engine ${engine.version}, ${engine.cpus} cores`;
        },
      },
      {
        title: "Pulumi",
        task: async (_, task) => {
          const pulumi = await preparePulumi((line) => (task.output = line));
          found.pulumi = pulumi;
          task.title = `Pulumi ${pulumi.version} (${pulumi.source})`;
        },
      },
      {
        title: "Images",
        task: async (_, task) => {
          const images = await prepareImages(config.images, (line) => (task.output = line), previous?.images);
          found.images = images;
          task.title = `Images: ${Object.entries(images)
            .map(([part, image]) => `${part} ${image.version} (${image.source})`)
            .join(", ")}`;
        },
      },
      {
        title: "Model",
        task: async (_, task) => {
          found.standIn = await standIn(config, previous, (line) => (task.output = line));
          task.title = found.standIn
            ? `Models: the Ollama registry cannot be reached; \`${found.standIn.for}\` is played by ${found.standIn.name}`
            : "Models: as declared";
        },
      },
    ],
    {
      silentRendererCondition: options.quiet ?? false,
      fallbackRenderer: "verbose",
      rendererOptions: { collapseSubtasks: false },
      fallbackRendererOptions: { logTitleChange: true },
    },
  );
  await tasks.run();

  const { engine, pulumi, images } = found as Required<typeof found>;
  const { host: _, ...figures } = engine;
  const prepared: Prepared = { engine: figures, images, ...(found.standIn && { standIn: found.standIn }) };
  await write(preparedPath(root, stack), `${JSON.stringify(prepared, null, 2)}\n`);
  return { root, stack, config, engine, pulumi, prepared };
}

/**
 * What plays `tinyllama` when the Ollama registry cannot be reached. The choice of an earlier run stays as long
 * as it holds, so that a model does not change when the network comes and goes.
 */
async function standIn(
  config: StackConfig,
  previous: Prepared | undefined,
  report: (line: string) => void,
): Promise<Prepared["standIn"]> {
  const wanted = config.ollama.some((server) =>
    server.models.some((model) => model.name === "tinyllama" && model.gguf === undefined),
  );
  if (!wanted) return undefined;
  if (previous === undefined ? await ollamaRegistryReachable() : previous.standIn === undefined)
    return undefined;
  return prepareStandIn(report);
}

/** Replaces a file as a whole, and only when its text changed. */
async function write(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, "utf8")) === text) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
