/** The section `models`: the names that clients ask for, and where they are served. */

import { z } from "zod";
import { containerName, mode, modelName, price } from "./values.ts";

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
    .url({ protocol: /^https?$/, error: "must be a URL such as `http://models.example:8000/v1`" })
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

/** One entry of `models`. */
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

export type ServerTarget = z.output<typeof serverTarget>;
export type ProviderTarget = z.output<typeof providerTarget>;
export type Target = ServerTarget | ProviderTarget;
export type ModelShape = z.output<typeof modelEntry>;
