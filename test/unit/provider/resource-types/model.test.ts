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

it("a model whose old form cannot be put back either tells both reasons", async () => {
  const { endpoint } = await serveApi((path, { body }) => {
    if (path === "/health/readiness") return [200, READY];
    const { model = "" } = (body?.litellm_params ?? {}) as { model?: string };
    if (path !== "/model/new") return [200, {}];
    return [400, { error: { message: model === "bad" ? "unknown provider" : "no more models" } }];
  });
  const update = modelType.update(
    apiOf(endpoint),
    "x",
    { modelName: "m", model: "good" },
    { modelName: "m", model: "bad" },
    {},
  );
  await expect(update).rejects.toThrow(/unknown provider\. The model as it was .* either: .*no more models/);
});

it("a model of an id that exists is not made a second time", async () => {
  const { endpoint, received } = await serveApi((path) =>
    path === "/health/readiness"
      ? [200, READY]
      : [200, { data: [{ model_name: "m", litellm_params: {}, model_info: {} }] }],
  );
  await expect(
    modelType.create(apiOf(endpoint), "x", { modelName: "m", model: "good", modelId: "x" }),
  ).rejects.toThrow('a model of the id `x` exists already. Import it (`import: "x"`)');
  expect(received.map(({ path }) => path)).not.toContain("/model/new");
});
