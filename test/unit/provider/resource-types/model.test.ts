import { expect, it } from "vitest";
import { modelType } from "../../../../provider/resource-types/model.ts";
import { apiOf, READY, serveApi } from "../../../support/litellm-api.ts";

it("a model is gone after LiteLLM's 400 of one that is not there, and after no other 400", async () => {
  let message = "Model id = x not found on litellm proxy";
  const { endpoint } = await serveApi(() => [400, { detail: { error: message } }]);
  expect(await modelType.read(apiOf(endpoint), "x", {})).toBeUndefined();
  message = "no";
  await expect(modelType.read(apiOf(endpoint), "x", {})).rejects.toThrow("answered with 400: no");
});

it("a model whose new form LiteLLM refuses gets its old one back", async () => {
  const calls: string[] = [];
  const { endpoint } = await serveApi((path, { body }) => {
    if (path === "/health/readiness") return [200, READY];
    const { model = "" } = (body?.litellm_params ?? {}) as { model?: string };
    calls.push(`${path} ${model}`.trim());
    return model === "bad" ? [400, { error: { message: "unknown provider" } }] : [200, {}];
  });
  const [olds, news] = [
    { modelName: "m", model: "good" },
    { modelName: "m", model: "bad" },
  ];
  await expect(modelType.update(apiOf(endpoint), "x", olds, news, {})).rejects.toThrow("unknown provider");
  expect(calls).toEqual(["/model/delete", "/model/new bad", "/model/new good"]);
});
