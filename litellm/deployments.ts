/** Deployments of models in LiteLLM's terms. */

import type { Deployment, ResolvedModel } from "../config/stack-config.ts";

/** A deployment in LiteLLM's terms, whether it stands in the config file or in the database. */
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
