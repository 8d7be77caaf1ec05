/** The section `ollama`: servers, and the models on them. */

import { z } from "zod";
import { containerName, filePath, memorySize, mode, modelName, port, price } from "./values.ts";

const servedModelObject = z.strictObject({
  name: modelName.describe(
    "Name on the server: one of the Ollama registry, or the name that a GGUF file gets.",
  ),
  gguf: filePath
    .optional()
    .describe("Path of a GGUF file on the Docker host, instead of a pull. Relative to the project's folder."),
  mode: mode.default("chat").describe("What the model is for."),
  tools: z
    .boolean()
    .optional()
    .describe("Whether the model can call tools. Unset: what the server itself says of it."),
  price: price.describe("What it costs, for spend and budgets. Default: nothing."),
});

const servedModel = z.union([
  modelName.transform((name) => servedModelObject.parse({ name })),
  servedModelObject,
]);

const KEEP_ALIVE_FORM = "must be `-1` (for ever), seconds, or a time such as `10m` or `1h30m`";

/** One entry of `ollama`. */
export const ollamaServer = z.strictObject({
  name: containerName.describe("Container and host name; the volume is `<name>_data`."),
  port: port
    .optional()
    .describe("Port on the host's loopback. Default: 11431 for the first server, 11432 for the second, …"),
  models: z
    .array(servedModel)
    .min(1)
    .default([servedModelObject.parse({ name: "tinyllama" })])
    .describe("Models that the server pulls or creates, loads and keeps loaded."),
  gpu: z
    .union(
      [
        z.literal("all"),
        z
          .array(z.int().min(0))
          .min(1)
          .refine((indexes) => new Set(indexes).size === indexes.length, "names a device twice"),
      ],
      { error: "must be `all`, or a list of device indexes such as `[0, 1]`" },
    )
    .optional()
    .describe("NVIDIA GPUs: `all`, or a list of device indexes. Default: none."),
  memory: memorySize("256m", "the server alone takes about 100 MiB, and the model comes on top")
    .default("4g")
    .describe("Memory limit of the container: the weights, the context and about 100 MiB."),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe("CPU threads of a model. Default: the host's cores shared out among its CPU servers."),
  parallel: z
    .int()
    .min(1)
    .default(1)
    .describe("Requests that one model answers at the same time; memory grows with it."),
  keepAlive: z
    .union(
      [
        z.string().regex(/^(-1|\d+|(\d+(\.\d+)?(ms|s|m|h))+)$/, KEEP_ALIVE_FORM),
        z
          .int()
          .min(-1)
          .transform((seconds) => String(seconds)),
      ],
      { error: KEEP_ALIVE_FORM },
    )
    .default("-1")
    .describe("How long a model stays loaded after a request: `-1` for ever, or such as `10m`."),
});

export type ServedModel = z.output<typeof servedModelObject>;
export type ServerShape = z.output<typeof ollamaServer>;
