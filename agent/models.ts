/** What LiteLLM tells of the models that a key may use. */

import { z } from "zod";

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
  /** How many deployments it is balanced over, as far as LiteLLM tells. */
  readonly deployments: number;
  /** US dollars for a token of a request, of the dearest deployment. Absent if it is not known for each. */
  readonly inputPrice?: number;
  /** US dollars for a token of an answer, likewise. */
  readonly outputPrice?: number;
}

export interface ModelsOptions {
  /** For each request, in milliseconds. Default: 10 seconds. */
  readonly timeoutMs?: number;
}

/** LiteLLM refused: in the shape of the errors of OpenAI's client, so that `agentError` tells them apart. */
export class HttpFailure extends Error {
  override name = "HttpFailure";
  readonly status: number;
  readonly error: unknown;
  readonly headers: Headers;

  constructor(url: string, response: Response, body: unknown) {
    super(`\`${url}\` answered ${response.status}`);
    this.status = response.status;
    this.headers = response.headers;
    this.error = z.object({ error: z.unknown() }).safeParse(body).data?.error;
  }
}

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });
const number = z.number().nullish().catch(undefined);
const deploymentSchema = z.object({
  model_name: z.string(),
  litellm_params: z.object({ model: z.string().optional() }).optional().catch(undefined),
  model_info: z
    .object({
      mode: z.string().nullish().catch(undefined),
      supports_function_calling: z.boolean().nullish().catch(undefined),
      max_input_tokens: number,
      max_tokens: number,
      input_cost_per_token: number,
      output_cost_per_token: number,
    })
    .nullish()
    .transform((info) => info ?? {}),
});
const infoSchema = z.object({ data: z.array(deploymentSchema) });

/** A deployment as LiteLLM's `/model/info` shows it, as far as it matters here. */
export type DeploymentInfo = z.infer<typeof deploymentSchema>;

/**
 * The chat models that the key may use, in LiteLLM's order. A key that may not see `/model/info` gets the names alone,
 * with what is safe to assume: no tools, {@link DEFAULT_WINDOW}, no prices.
 *
 * @throws {HttpFailure} if the list itself is refused; what `fetch` throws if nobody answers
 */
export async function listModels(
  endpoint: { readonly baseUrl: string; readonly key: string },
  { timeoutMs = 10_000 }: ModelsOptions = {},
): Promise<ModelFacts[]> {
  const base = endpoint.baseUrl.replace(/\/+$/, "");
  const root = base.replace(/\/v1$/, "");
  const get = async (url: string) => {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${endpoint.key}` },
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body: unknown = await response.json().catch((error: unknown) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    });
    if (!response.ok) throw new HttpFailure(url, response, body);
    return body;
  };
  const [list, deployments] = await Promise.all([
    get(`${base}/models`),
    get(`${root}/model/info`).then(
      (body) => infoSchema.safeParse(body).data?.data ?? [],
      (error: unknown) => {
        if (error instanceof HttpFailure) return [];
        throw error;
      },
    ),
  ]);
  const parsed = listSchema.safeParse(list);
  if (!parsed.success)
    throw new Error(
      `\`${base}/models\` is not the list of a LiteLLM proxy: ${z.prettifyError(parsed.error)}`,
    );
  return modelFacts(
    parsed.data.data.map(({ id }) => id),
    deployments,
  );
}

/** A model of which LiteLLM tells nothing. */
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
    const inputPrice = dearest(infos.map(({ input_cost_per_token }) => input_cost_per_token));
    const outputPrice = dearest(infos.map(({ output_cost_per_token }) => output_cost_per_token));
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

function dearest(prices: readonly (number | null | undefined)[]): number | undefined {
  const known = prices.filter((price) => typeof price === "number");
  return known.length === 0 || known.length < prices.length ? undefined : Math.max(...known);
}
