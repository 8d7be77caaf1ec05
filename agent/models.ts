/** The models that a key may use, and what the agent needs to know of them. */

import { z } from "zod";
import { LiteLlmApi } from "../litellm/client.ts";
import { LiteLlmError, NotLiteLlm } from "../litellm/errors.ts";
import { type DeploymentInfo, modelInfo } from "../litellm/model-info.ts";
import type { Endpoint } from "./endpoint.ts";

/** Tokens of context where LiteLLM knows none: TinyLlama's, the smallest that an Ollama server of the stack serves. */
export const DEFAULT_WINDOW = 2048;
/** The same for models that are known not to be Ollama's: any provider gives that much. */
export const PROVIDER_WINDOW = 8192;

export interface ModelFacts {
  /** What clients ask for. */
  readonly name: string;
  /** Whether each of its deployments is declared to call tools. Unknown counts as no. */
  readonly tools: boolean;
  /** Tokens, of the smallest of its deployments. */
  readonly contextWindow: number;
  /** How many deployments it is balanced over, as far as LiteLLM says. */
  readonly deployments: number;
  /** US dollars for a token of a request, of the most expensive deployment. Absent if it is not known for each. */
  readonly inputPrice?: number;
  /** US dollars for a token of an answer, likewise. */
  readonly outputPrice?: number;
}

export interface ModelsOptions {
  /** For each request, in milliseconds. Default: 10 seconds. */
  readonly timeoutMs?: number;
}

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * The chat models that the key may use, in LiteLLM's order. A key that may not see `/model/info` gets the names alone,
 * with what is safe to assume: no tools, {@link DEFAULT_WINDOW}, no prices.
 *
 * @throws {LiteLlmError} if the list itself is refused
 * @throws {NotLiteLlm} if something else answers
 * @throws {Unreachable} if nothing answers
 */
export async function listModels(
  endpoint: Endpoint,
  { timeoutMs = 10_000 }: ModelsOptions = {},
): Promise<ModelFacts[]> {
  const root = endpoint.baseUrl.replace(/\/v1$/, "");
  const api = new LiteLlmApi({ endpoint: root, key: endpoint.key });
  const seconds = timeoutMs / 1000;
  const [list, deployments] = await Promise.all([
    api.get("/v1/models", {}, seconds),
    modelInfo(api, seconds).catch((error: unknown) => {
      if (error instanceof LiteLlmError) return [];
      throw error;
    }),
  ]);
  const parsed = listSchema.safeParse(list);
  if (!parsed.success)
    throw new NotLiteLlm("GET /v1/models", 200, endpoint.baseUrl, "JSON that is not a list of models");
  return modelFacts(
    parsed.data.data.map(({ id }) => id),
    deployments,
  );
}

/** A model of which nothing is known. */
export function unknownModel(name: string): ModelFacts {
  return { name, tools: false, contextWindow: DEFAULT_WINDOW, deployments: 0 };
}

/** The best to begin with: one that calls tools, balanced over the most deployments. LiteLLM's order means nothing. */
export function preferredModel(models: readonly ModelFacts[]): ModelFacts | undefined {
  return [...models].sort(
    (a, b) =>
      Number(b.tools) - Number(a.tools) || b.deployments - a.deployments || a.name.localeCompare(b.name),
  )[0];
}

/** What the deployments of each name have in common. Names that are not for chat are left out. */
export function modelFacts(names: readonly string[], deployments: readonly DeploymentInfo[]): ModelFacts[] {
  return [...new Set(names)].flatMap((name) => {
    const own = deployments.filter(({ model_name }) => model_name === name);
    const infos = own.map(({ model_info }) => model_info);
    const isChat = ({ mode }: DeploymentInfo["model_info"]) =>
      mode === undefined || mode === null || mode === "chat";
    if (!infos.every(isChat)) return [];
    const windows = infos.flatMap(({ max_input_tokens, max_tokens }) => {
      const window = max_input_tokens ?? max_tokens;
      return typeof window === "number" && window > 0 ? [window] : [];
    });
    const inputPrice = highest(infos.map(({ input_cost_per_token }) => input_cost_per_token));
    const outputPrice = highest(infos.map(({ output_cost_per_token }) => output_cost_per_token));
    return [
      {
        name,
        tools:
          infos.length > 0 &&
          infos.every(({ supports_function_calling }) => supports_function_calling === true),
        contextWindow: windows.length === 0 ? unknownWindow(own) : Math.min(...windows),
        deployments: own.length,
        ...(inputPrice === undefined ? {} : { inputPrice }),
        ...(outputPrice === undefined ? {} : { outputPrice }),
      },
    ];
  });
}

function unknownWindow(deployments: readonly DeploymentInfo[]): number {
  const models = deployments.map(({ litellm_params: params }) => params?.model ?? "");
  const providers = models.length > 0 && models.every((model) => /^(?!ollama)\w+\//.test(model));
  return providers ? PROVIDER_WINDOW : DEFAULT_WINDOW;
}

function highest(prices: readonly (number | null | undefined)[]): number | undefined {
  const known = prices.filter((price) => typeof price === "number");
  return known.length === 0 || known.length < prices.length ? undefined : Math.max(...known);
}
