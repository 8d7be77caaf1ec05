/** The shape of a stack's config (`llm-stack:*` in `Pulumi.<stack>.yaml`): strict, and complete with its defaults. */

import { z } from "zod";
import { isHostAddress } from "../addresses.ts";
import { agent } from "./agent.ts";
import { images } from "./images.ts";
import { keyEntry, teamEntry } from "./keys.ts";
import { modelEntry } from "./models.ts";
import { ollamaServer } from "./ollama.ts";
import { filePath, memorySize, modelName, port } from "./values.ts";

const HOST_ADDRESS = "must be an address of this host, such as `127.0.0.1` or `0.0.0.0`";

/** Every section. A section that is left out gets its defaults; only `models` stays undefined, and is derived. */
export const stackConfigSchema = z.strictObject({
  namePrefix: z
    .string()
    .regex(/^([a-zA-Z0-9][a-zA-Z0-9_.-]{0,30})?$/, "must be empty, or start with a letter or digit")
    .default("")
    .describe(
      "Put before the name of every container, volume and network, so that stacks live side by side.",
    ),
  portOffset: z.int().min(0).max(50000).default(0).describe("Added to every port on the host."),
  proxy: z
    .strictObject({
      port: port.default(4444).describe("Port of the OpenAI-compatible API on the host."),
      memory: memorySize("1500m", "LiteLLM is killed at its start with 1 GiB")
        .default("4g")
        .describe("Memory limit of the container; LiteLLM's makers advise 4 GiB for each worker."),
      requestTimeoutSeconds: z.int().min(1).default(600).describe("Longest time for one request to a model."),
    })
    .prefault({}),
  database: z
    .strictObject({
      port: port.default(5431).describe("Port of PostgreSQL on the host's loopback."),
      memory: memorySize("256m", "PostgreSQL's shared buffers alone take 128 MiB")
        .default("1g")
        .describe("Memory limit of the container."),
    })
    .prefault({}),
  ollama: z
    .array(ollamaServer)
    .prefault([{ name: "tinyllama1" }, { name: "tinyllama2" }, { name: "tinyllama3" }])
    .describe("The model servers."),
  models: z
    .array(modelEntry)
    .optional()
    .describe(
      "The names that clients ask for. Default: each server that serves one model under the server's name, and each model's name balanced over all servers that serve it.",
    ),
  teams: z.array(teamEntry).default([]).describe("LiteLLM's teams: limits that several keys share."),
  keys: z
    .array(keyEntry)
    .prefault([{ name: "agent", maxBudget: 10, budgetDuration: "30d", rpmLimit: 120 }])
    .describe("LiteLLM's virtual keys. The one named `agent` is the bundled agent's."),
  routing: z
    .strictObject({
      strategy: z
        .enum(["simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing-v2"])
        .default("simple-shuffle"),
      retries: z.int().min(0).max(10).default(2).describe("Further tries after a failed call."),
      allowedFails: z.int().min(0).default(2).describe("Failures within a minute before a target rests."),
      cooldownSeconds: z.int().min(0).default(30).describe("How long a failing target rests."),
      fallbacks: z
        .array(z.strictObject({ model: modelName, to: z.array(modelName).min(1) }))
        .default([])
        .describe("Names to try, in order, when a name fails."),
    })
    .prefault({}),
  images,
  network: z
    .strictObject({
      bind: z
        .union([z.ipv4(), z.ipv6()], { error: HOST_ADDRESS })
        .refine(isHostAddress, HOST_ADDRESS)
        .default("127.0.0.1")
        .describe("Host address of the proxy's port. The database and the model servers stay on loopback."),
      caBundle: filePath
        .optional()
        .describe(
          "PEM file with the certificate authorities that the containers trust, for networks that inspect TLS.",
        ),
    })
    .prefault({}),
  agent,
});

/** A stack's config, with defaults filled in, before the checks that look at several places at once. */
export type StackConfigShape = z.output<typeof stackConfigSchema>;
