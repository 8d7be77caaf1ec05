import { afterEach, describe, expect, it } from "vitest";
import { agentError } from "../../../agent/errors.ts";
import { listModels, preferredModel, unknownModel } from "../../../agent/models.ts";
import { json, type ProxyStub, proxyStub, refusal } from "../../support/proxy-stub.ts";

let proxy: ProxyStub | undefined;
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

const deployment = (model_name: string, model_info: object, model = "ollama_chat/y") => ({
  model_name,
  litellm_params: { model },
  model_info: { id: "1", ...model_info },
});

async function models(names: string[], info: { status?: number; body: unknown }) {
  proxy = await proxyStub((request, response) =>
    request.path === "/v1/models"
      ? json(response, 200, { object: "list", data: names.map((id) => ({ id, object: "model" })) })
      : json(response, info.status ?? 200, info.body),
  );
  return await listModels({ baseUrl: proxy.baseUrl, key: "sk-agent" });
}

describe("the proxy's models", () => {
  it("are told with what LiteLLM knows, of the key's own names only", async () => {
    const listed = await models(["big", "tinyllama"], {
      body: {
        data: [
          deployment("big", {
            mode: "chat",
            supports_function_calling: true,
            max_input_tokens: 100_000,
            max_tokens: 8192,
            input_cost_per_token: 1e-6,
            output_cost_per_token: 4e-6,
          }),
          deployment("tinyllama", { mode: "chat", supports_function_calling: null, max_tokens: null }),
          deployment("ollama/big", { supports_function_calling: true }),
        ],
      },
    });
    expect(listed).toEqual([
      {
        name: "big",
        tools: true,
        contextWindow: 100_000,
        deployments: 1,
        inputPrice: 1e-6,
        outputPrice: 4e-6,
      },
      { name: "tinyllama", tools: false, contextWindow: 2048, deployments: 1 },
    ]);
    expect(proxy?.received.map(({ path }) => path).sort()).toEqual(["/model/info", "/v1/models"]);
    expect(proxy?.received.every(({ headers }) => headers.authorization === "Bearer sk-agent")).toBe(true);
  });

  it("that are balanced have what all of their deployments have", async () => {
    const both = (first: object, second: object) =>
      models(["m"], { body: { data: [deployment("m", first), deployment("m", second)] } }).finally(() =>
        proxy?.close(),
      );
    const full = {
      supports_function_calling: true,
      max_tokens: 4096,
      input_cost_per_token: 0,
      output_cost_per_token: 0,
    };
    expect(await both(full, { ...full, max_tokens: 8192, input_cost_per_token: 2e-6 })).toEqual([
      { name: "m", tools: true, contextWindow: 4096, deployments: 2, inputPrice: 2e-6, outputPrice: 0 },
    ]);
    expect(await both(full, { max_input_tokens: 1024 })).toEqual([
      { name: "m", tools: false, contextWindow: 1024, deployments: 2 },
    ]);
  });

  it("have the context of any provider, where LiteLLM knows none and it is not an Ollama server's", async () => {
    const windows = await models(["provider", "mixed"], {
      body: {
        data: [
          deployment("provider", {}, "openai/large"),
          deployment("mixed", {}, "openai/large"),
          deployment("mixed", {}, "ollama_chat/small"),
        ],
      },
    });
    expect(windows.map(({ contextWindow }) => contextWindow)).toEqual([8192, 2048]);
  });

  it("are begun with by one that calls tools, balanced over the most deployments, whatever LiteLLM's order", () => {
    const model = (name: string, tools: boolean, deployments: number) => ({
      ...unknownModel(name),
      tools,
      deployments,
    });
    const plain = [model("t2", false, 1), model("t", false, 3), model("t1", false, 1)];
    expect(preferredModel(plain)?.name).toBe("t");
    expect(preferredModel([...plain, model("slow", true, 1), model("caller", true, 1)])?.name).toBe("caller");
    expect(preferredModel([])).toBeUndefined();
  });

  it("leave out those for embeddings", async () => {
    const listed = await models(["m", "e"], {
      body: { data: [deployment("m", { mode: "chat" }), deployment("e", { mode: "embedding" })] },
    });
    expect(listed.map(({ name }) => name)).toEqual(["m"]);
  });

  it.each([
    ["refused", { status: 403, body: refusal("auth_error", "not allowed", 403) }],
    ["not what it should be", { body: { detail: "?" } }],
    [
      "with odd values",
      { body: { data: [deployment("m", { max_tokens: "many", supports_function_calling: "yes" })] } },
    ],
    ["without any", { body: { data: [{ model_name: "m", model_info: null }] } }],
  ])("are still listed when their details are %s", async (_, info) => {
    expect(await models(["m"], info)).toMatchObject([{ name: "m", tools: false, contextWindow: 2048 }]);
  });

  it("are an error of its own kind when the key is refused", async () => {
    proxy = await proxyStub((_, response) =>
      json(response, 401, refusal("token_not_found_in_db", "no such key", 401)),
    );
    const error = await listModels({ baseUrl: proxy.baseUrl, key: "sk-agent" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(agentError(error, { baseUrl: proxy.baseUrl, model: "m", models: [] }).kind).toBe("keyRefused");
  });

  it("are an error of its own kind when nobody answers, or not in time", async () => {
    const stub = await proxyStub(() => {});
    const endpoint = { baseUrl: stub.baseUrl, key: "sk-agent" };
    const kindOf = (thrown: unknown) =>
      agentError(thrown, { baseUrl: stub.baseUrl, model: "m", models: [] }).kind;
    expect(await listModels(endpoint, { timeoutMs: 50 }).catch(kindOf)).toBe("timeout");
    await stub.close();
    expect(await listModels(endpoint).catch(kindOf)).toBe("noAnswer");
  });

  it("are an error when something else answers", async () => {
    proxy = await proxyStub((_, response) => json(response, 200, { hello: "world" }));
    await expect(listModels({ baseUrl: proxy.baseUrl, key: "k" })).rejects.toThrow(
      /is not LiteLLM \(it sends JSON that is not a list of models\)/,
    );
  });
});
