/** The shape of a stack's config (`llm-stack:*` in `Pulumi.<stack>.yaml`): strict, and complete with its defaults. */

import { z } from "zod";

/** A memory size such as `512m` or `4g` in MiB. */
export function mebibytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith("g") ? 1024 : 1);
}

const port = z.int().min(1).max(65535);
const containerName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/,
    "must start with a letter or digit, then letters, digits, `_`, `.` or `-`",
  );

/** A memory limit of at least `least`; above 4 TiB it is taken for a slip. */
function memorySize(least: string, why: string) {
  const form = "must be a whole number of MiB or GiB, such as `512m` or `4g`";
  return z
    .string(form)
    .regex(/^[1-9]\d*[mg]$/, form)
    .refine((size) => mebibytes(size) >= mebibytes(least), `must be at least \`${least}\`: ${why}`)
    .refine((size) => mebibytes(size) <= mebibytes("4096g"), "must be at most `4096g`");
}
const KEEP_ALIVE_FORM = "must be `-1` (for ever), seconds, or a time such as `10m` or `1h30m`";
const filePath = z.string().min(1, "must be the path of a file");
const modelName = z
  .string()
  .regex(/^[\w./:@-]+$/, "must be a model name such as `tinyllama` or `bge-m3:567m`");
const mode = z.enum(["chat", "embedding"]);
/** The grammar of https://pkg.go.dev/github.com/distribution/reference, without IPv6 hosts. */
const imageReference = z
  .string()
  .regex(
    /^([a-zA-Z0-9][a-zA-Z0-9.-]*(:\d+)?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "must be an image reference such as `ghcr.io/berriai/litellm:main-v1.73.0-stable`",
  );
const version = z.string().regex(/^\d+(\.\d+){1,2}$/, "must be a version such as `1.73.0`");

const price = z
  .strictObject({
    input: z.number().min(0).describe("US dollars for a million tokens of a request."),
    output: z.number().min(0).describe("US dollars for a million tokens of an answer."),
  })
  .optional();
/** LiteLLM's own form: a number and a unit. */
const duration = z
  .string()
  .regex(
    /^[1-9]\d*(s|m|h|d|w|mo)$/,
    "must be a number and a unit (`s`, `m`, `h`, `d`, `w`, `mo`), such as `30d`",
  );
const apiKeyName = z
  .string()
  .regex(
    /^[a-z][a-zA-Z0-9]*ApiKey$/,
    "must be the name of a secret that ends in `ApiKey`, such as `officeApiKey`",
  );

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

const serverTarget = z.strictObject({
  server: containerName.describe("An Ollama server of `ollama`."),
  model: modelName.describe("A model which that server serves."),
});
const providerTarget = z.strictObject({
  provider: z
    .enum(["openai", "gemini", "anthropic"])
    .describe("LiteLLM's provider; `openai` with `apiBase` for any OpenAI-compatible server."),
  model: z.string().min(1).describe("The provider's name of the model."),
  apiBase: z
    .url({ protocol: /^https?$/, error: "must be an address such as `http://models.example:8000/v1`" })
    .optional()
    .describe("Address of an OpenAI-compatible server, with its `/v1`."),
  apiKey: z
    .string()
    .regex(
      /^([a-z][a-zA-Z0-9]*ApiKey|none)$/,
      "must be the name of a secret that ends in `ApiKey`, such as `officeApiKey`, or `none`",
    )
    .optional()
    .describe(
      "Name of the secret config value that holds the key, or `none` for a server at `apiBase` that needs no key. Default: `<provider>ApiKey`.",
    ),
});

export const modelEntry = z.strictObject({
  name: modelName.describe("The name that clients ask for."),
  targets: z
    .array(z.union([serverTarget, providerTarget]))
    .min(1)
    .describe("Where it is served; several are balanced."),
  mode: mode.optional().describe("Default: the mode of its first target on a server, else `chat`."),
  tools: z
    .boolean()
    .optional()
    .describe("Whether it can call tools. Default: what its targets on servers say."),
  verify: z
    .boolean()
    .default(false)
    .describe("Call its provider targets, with one token, after each `up`. Costs money."),
  price: price.describe(
    "What it costs, for spend and budgets. Default: that of its targets, or LiteLLM's list.",
  ),
  store: z
    .enum(["config", "database"])
    .default("config")
    .describe(
      "Where LiteLLM keeps it: in its config file (a change replaces the proxy), or in its database (a change does not).",
    ),
});

/** Limits of keys and teams. */
const limits = {
  maxBudget: z.number().min(0).optional().describe("US dollars; when they are spent, requests are refused."),
  budgetDuration: duration
    .optional()
    .describe("After which time spend counts from zero again. Default: never."),
  rpmLimit: z.int().min(1).optional().describe("Requests a minute."),
  tpmLimit: z.int().min(1).optional().describe("Tokens a minute."),
  blocked: z.boolean().default(false).describe("Refuse every request."),
  metadata: z.record(z.string(), z.unknown()).optional().describe("Kept and shown by LiteLLM."),
};
const objectName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][\w.-]{0,62}$/,
    "must start with a letter or digit, then letters, digits, `_`, `.` or `-`",
  );

export const teamEntry = z.strictObject({
  name: objectName.describe("Name in LiteLLM's UI and reports."),
  models: z
    .array(modelName)
    .min(1)
    .optional()
    .describe("Models that its keys may use. Default: all declared ones."),
  ...limits,
});
export const keyEntry = z.strictObject({
  name: objectName.describe("Name (alias) in LiteLLM's UI and reports."),
  models: z
    .array(modelName)
    .min(1)
    .optional()
    .describe("Models that it may use. Default: those of its team, or all declared ones."),
  team: objectName.optional().describe("A team of `teams`, whose limits count too."),
  ...limits,
  maxParallelRequests: z.int().min(1).optional().describe("Requests at the same time."),
  duration: duration.optional().describe("How long it is valid. Default: for ever."),
  value: apiKeyName
    .optional()
    .describe(
      "Name of the secret config value that holds the key, which starts with `sk-`. Default: generated.",
    ),
});

const variableName = z
  .string()
  .regex(
    /^[A-Za-z_]\w*$/,
    "must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
  );
/** Without `__`, which stands between it and a tool's name; both together fit into the 64 characters of OpenAI. */
const mcpName = z
  .string()
  .regex(
    /^(?=.{1,30}$)[a-zA-Z0-9]+([_-][a-zA-Z0-9]+)*$/,
    "must be letters and digits, with single `_` or `-` between them, at most 30",
  )
  .describe("Name; its tools are called `<name>__<tool>`.");
const mcpUrl = z
  .url({
    protocol: /^https?$/,
    // Without a word on one that is missing, so that the kind of entry is told by what is there.
    error: ({ input }) =>
      input === undefined ? undefined : "must be an address such as `https://tools.example/mcp`",
  })
  .refine((url) => {
    const { username, password } = new URL(url);
    return !username && !password;
  }, "must not hold a login; put it into an environment variable and name that under `headers`");
const mcpCommand = z.strictObject({
  name: mcpName,
  command: z
    .string()
    .min(1, "must be a program")
    .describe("Program that speaks MCP on its standard streams."),
  args: z.array(z.string()).default([]).describe("Its arguments."),
  env: z
    .array(variableName)
    .default([])
    .describe("Names of environment variables that it gets, beside `PATH`, `HOME` and the like."),
});
const mcpAddress = z.strictObject({
  name: mcpName,
  url: mcpUrl.describe("Address of a server that speaks MCP over HTTP (streamable)."),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be the name of a header"), variableName)
    .default({})
    .describe("Headers of each request: name to the name of the environment variable that holds the value."),
});
export const mcpServer = z.union([mcpCommand, mcpAddress]);

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
  images: z
    .strictObject({
      source: z
        .enum(["auto", "pull", "build"])
        .default("auto")
        .describe("`auto`: pulled where the registry answers, else built from package registries."),
      registry: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*$/,
          "must be a registry such as `mirror.example:5000`",
        )
        .optional()
        .describe("A mirror that holds `library/postgres`, `ollama/ollama` and `berriai/litellm`."),
      litellm: z.strictObject({ version: version.optional(), image: imageReference.optional() }).prefault({}),
      postgres: z
        .strictObject({ version: version.optional(), image: imageReference.optional() })
        .prefault({}),
      ollama: z.strictObject({ version: version.optional(), image: imageReference.optional() }).prefault({}),
    })
    .prefault({}),
  network: z
    .strictObject({
      bind: z
        .union([z.ipv4(), z.ipv6()], {
          error: "must be an address of this host, such as `127.0.0.1` or `0.0.0.0`",
        })
        .default("127.0.0.1")
        .describe("Host address of the proxy's port. The database and the model servers stay on loopback."),
      caBundle: filePath
        .optional()
        .describe(
          "PEM file with the certificate authorities that the containers trust, for networks that inspect TLS.",
        ),
    })
    .prefault({}),
  agent: z
    .strictObject({
      mcpServers: z
        .array(mcpServer)
        .default([])
        .describe("MCP servers whose tools the bundled agent uses beside its own."),
    })
    .prefault({}),
});

/** Secret config values with a fixed name; any other secret's name ends in `ApiKey`. */
export const SECRET_NAMES = ["masterKey", "saltKey", "databasePassword"] as const;

/** Whether `key` is the name of a secret config value, such as `masterKey` or `geminiApiKey`. */
export function isSecretName(key: string): boolean {
  return (SECRET_NAMES as readonly string[]).includes(key) || /^[a-z][a-zA-Z0-9]*ApiKey$/.test(key);
}

/** A stack's config, with defaults filled in, before the checks that look at several places at once. */
export type StackConfigShape = z.output<typeof stackConfigSchema>;
export type ServedModel = z.output<typeof servedModelObject>;
export type ServerTarget = z.output<typeof serverTarget>;
export type ProviderTarget = z.output<typeof providerTarget>;
export type Target = ServerTarget | ProviderTarget;
export type ServerShape = z.output<typeof ollamaServer>;
export type ModelShape = z.output<typeof modelEntry>;
export type KeyShape = z.output<typeof keyEntry>;
export type TeamShape = z.output<typeof teamEntry>;
export type McpServerShape = z.output<typeof mcpServer>;
/** US dollars for a million tokens. */
export type Price = NonNullable<z.output<typeof price>>;
