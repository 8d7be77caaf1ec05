/** What LiteLLM tells of its deployments. */

import { z } from "zod";
import type { LiteLlmApi } from "./client.ts";
import { checkedAnswer } from "./errors.ts";

const text = z.string().nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);

const deploymentSchema = z.object({
  model_name: z.string(),
  litellm_params: z.object({ model: text }).optional().catch(undefined),
  model_info: z
    .object({
      id: text,
      /** Whether it stands in LiteLLM's database, and not in the config file. */
      db_model: flag,
      mode: text,
      supports_function_calling: flag,
      max_input_tokens: number,
      max_tokens: number,
      /** US dollars for a token of a request. */
      input_cost_per_token: number,
      /** US dollars for a token of an answer. */
      output_cost_per_token: number,
    })
    .nullish()
    .transform((info) => info ?? {}),
});
const answerSchema = z.object({ data: z.array(deploymentSchema) });

/** A deployment as LiteLLM's `/model/info` shows it, as far as it matters here. What is of another type is left out. */
export type DeploymentInfo = z.infer<typeof deploymentSchema>;

/**
 * The deployments of the models that the key may use.
 *
 * @param seconds how long the call may take. Default: as the client's
 * @throws {LiteLlmError} when LiteLLM refuses, or answers with something else
 * @throws {Unreachable} when nothing answers
 */
export async function modelInfo(api: Pick<LiteLlmApi, "get">, seconds?: number): Promise<DeploymentInfo[]> {
  const answer = await api.get("/model/info", {}, seconds);
  return checkedAnswer("GET /model/info", answerSchema, answer).data;
}
