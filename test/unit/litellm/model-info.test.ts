import { expect, it } from "vitest";
import { LiteLlmError } from "../../../litellm/errors.ts";
import { modelInfo } from "../../../litellm/model-info.ts";

const api = (answer: unknown) => ({ get: async () => answer });

it("deployments are told without what is of another type than expected", async () => {
  const data = [
    {
      model_name: "m",
      litellm_params: { model: "ollama_chat/x", api_base: "http://x" },
      model_info: { id: "1", db_model: true, mode: 3, max_tokens: "many", input_cost_per_token: 1e-7 },
    },
    { model_name: "n", model_info: null },
  ];
  expect(await modelInfo(api({ data }))).toEqual([
    {
      model_name: "m",
      litellm_params: { model: "ollama_chat/x" },
      model_info: { id: "1", db_model: true, input_cost_per_token: 1e-7 },
    },
    { model_name: "n", model_info: {} },
  ]);
});

it("an answer that is no list of deployments is an error of LiteLLM's", async () => {
  await expect(modelInfo(api({ detail: "?" }))).rejects.toThrow(LiteLlmError);
  await expect(modelInfo(api({ detail: "?" }))).rejects.toThrow(
    /`GET \/model\/info` .* not what LiteLLM sends: .*at data/s,
  );
});
