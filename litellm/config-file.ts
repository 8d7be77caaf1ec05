/** Renders LiteLLM's config file. Setting names are those of LiteLLM 1.73.0's source. */

import { stringify } from "yaml";
import type { Deployment, ResolvedModel, StackConfig } from "../config/stack-config.ts";

/**
 * Environment of the proxy that the rendered config relies on: entries that only tell LiteLLM of a model's abilities
 * are for `development`, and so are never called.
 */
export const PROXY_CONFIG_ENVIRONMENT = { LITELLM_ENVIRONMENT: "production" } as const;

/** The environment variable that brings a secret config value to the proxy: `geminiApiKey` → `GEMINI_API_KEY`. */
export function secretEnvName(secret: string): string {
  return secret.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, "$1$3_$2$4").toUpperCase();
}

/**
 * LiteLLM's config as YAML: the same text for the same config. It holds no secret: keys are references to the
 * environment, and the master key, the salt key and the database's URL come from there too.
 */
export function renderProxyConfig(config: Pick<StackConfig, "models" | "routing" | "proxy">): string {
  const { models, routing, proxy } = config;
  const text = stringify(
    {
      model_list: [
        ...models
          .filter(({ store }) => store === "config")
          .flatMap((model) => model.deployments.map((deployment) => modelEntry(model, deployment))),
        ...toolModels(models).map(toolEntry),
      ],
      router_settings: {
        routing_strategy: routing.strategy,
        num_retries: routing.retries,
        allowed_fails: routing.allowedFails,
        cooldown_time: routing.cooldownSeconds,
        timeout: proxy.requestTimeoutSeconds,
        fallbacks: routing.fallbacks.map(({ model, to }) => ({ [model]: to })),
      },
      litellm_settings: {
        // The module's own default is 6000 seconds.
        request_timeout: proxy.requestTimeoutSeconds,
      },
      general_settings: {
        store_model_in_db: true,
        database_connection_pool_limit: 10,
        // Seconds between writes of spend.
        proxy_batch_write_at: 60,
        // Failed calls are not written to the database one by one.
        disable_error_logs: true,
      },
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
  // Python's YAML takes `1e-7` for a text.
  return text.replaceAll(/(_cost_per_token: \d+)(e-\d+)$/gm, "$1.0$2");
}

function modelEntry(model: ResolvedModel, deployment: Deployment) {
  const { apiBase, secret, params, ...entry } = deploymentEntry(model, deployment);
  const key = secret === undefined || secret === "none" ? secret : `os.environ/${secretEnvName(secret)}`;
  return {
    model_name: model.name,
    litellm_params: {
      model: entry.model,
      ...(apiBase === undefined ? {} : { api_base: apiBase }),
      ...(key === undefined ? {} : { api_key: key }),
      ...params,
    },
    model_info: { id: entry.id, ...entry.modelInfo },
  };
}

/** A deployment in LiteLLM's terms, wherever LiteLLM keeps it. */
export interface DeploymentEntry {
  /** LiteLLM's `model_info.id`. */
  readonly id: string;
  /** LiteLLM's provider and model, such as `ollama_chat/tinyllama`. */
  readonly model: string;
  readonly apiBase?: string;
  /** Name of the secret config value with the provider's key, or `none`. */
  readonly secret?: string;
  /** Further `litellm_params`. */
  readonly params: Readonly<Record<string, number>>;
  readonly modelInfo: Readonly<Record<string, unknown>>;
}

/** Dollars for a million tokens, without the crumbs of binary division. */
const perToken = (dollars: number) => Number((dollars / 1e6).toPrecision(12));

/** Puts a deployment into LiteLLM's terms. */
export function deploymentEntry(model: Pick<ResolvedModel, "mode">, deployment: Deployment): DeploymentEntry {
  const { tools } = deployment;
  // LiteLLM charges what has no price that of another deployment of the same model, if it finds one.
  const price = deployment.price ?? (deployment.kind === "server" ? { input: 0, output: 0 } : undefined);
  return {
    id: deployment.id,
    ...(deployment.kind === "provider"
      ? {
          model: `${deployment.provider}/${deployment.model}`,
          ...(deployment.apiBase === undefined ? {} : { apiBase: deployment.apiBase }),
          secret: deployment.secret,
        }
      : serverEntry(model.mode, deployment)),
    params:
      price === undefined
        ? {}
        : { input_cost_per_token: perToken(price.input), output_cost_per_token: perToken(price.output) },
    modelInfo: { mode: model.mode, ...(tools === undefined ? {} : { supports_function_calling: tools }) },
  };
}

/**
 * Chat goes to Ollama's own API. Embeddings go to its OpenAI-compatible one: LiteLLM 1.73.0's `ollama/` awaits what
 * cannot be awaited (`llms/ollama/completion/handler.py`), and refuses the `encoding_format` that OpenAI's clients
 * send.
 */
function serverEntry(mode: ResolvedModel["mode"], { server, model }: { server: string; model: string }) {
  const address = `http://${server}:11434`;
  return mode === "chat"
    ? { model: `ollama_chat/${model}`, apiBase: address }
    : { model: `openai/${model}`, apiBase: `${address}/v1`, secret: "none" };
}

/** The models on servers that are declared to call tools, each once. */
function toolModels(models: readonly ResolvedModel[]): string[] {
  const names = models
    .filter(({ mode }) => mode === "chat")
    .flatMap(({ deployments }) => deployments)
    .flatMap((deployment) => (deployment.kind === "server" && deployment.tools ? [deployment.model] : []));
  return [...new Set(names)];
}

/**
 * Tells LiteLLM that a model on a server calls tools. For `ollama_chat/<model>` it looks up `ollama/<model>` only
 * (`llms/ollama/chat/transformation.py`): neither the deployment's own `model_info` nor its address counts, and
 * without an answer it silently turns tools into a request for JSON. This entry is in its table, but not a model
 * that can be called or that is listed: see {@link PROXY_CONFIG_ENVIRONMENT}.
 */
function toolEntry(model: string) {
  return {
    model_name: `ollama/${model}`,
    litellm_params: { model: `ollama/${model}` },
    model_info: {
      id: `tools@${model}`,
      litellm_provider: "ollama",
      supports_function_calling: true,
      supported_environments: ["development"],
    },
  };
}
