/** LiteLLM's config file. Setting names are those of LiteLLM 1.73.0's source. */

import { stringify } from "yaml";
import { secretEnvName } from "../config/secrets.ts";
import type { Deployment, ResolvedModel, StackConfig } from "../config/stack-config.ts";
import { deploymentEntry } from "./deployments.ts";

/**
 * Environment of the proxy that the rendered config relies on: entries that only tell LiteLLM of a model's abilities
 * are for `development`, and so are never called.
 */
export const PROXY_CONFIG_ENVIRONMENT = { LITELLM_ENVIRONMENT: "production" } as const;

/** What the config file is made from. */
type ProxyConfigSource = Pick<StackConfig, "models" | "routing" | "proxy">;

/**
 * LiteLLM's config. It holds no secret: keys are references to the environment, and the master key, the salt key and
 * the database's URL come from there too.
 */
export function proxyConfig({ models, routing, proxy }: ProxyConfigSource) {
  return {
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
  };
}

/** {@link proxyConfig} as YAML: the same text for the same config. */
export function renderProxyConfig(config: ProxyConfigSource): string {
  const text = stringify(proxyConfig(config), { aliasDuplicateObjects: false, lineWidth: 0 });
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
      // No deployment's: those have no `#`, and one of a model named `tools` on a server named like this one has `tools@…`.
      id: `tools#${model}`,
      litellm_provider: "ollama",
      supports_function_calling: true,
      supported_environments: ["development"],
    },
  };
}
