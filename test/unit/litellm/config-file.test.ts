import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseStackConfig } from "../../../config/parse.ts";
import { proxyConfig, renderProxyConfig } from "../../../litellm/config-file.ts";

interface Rendered {
  model_list: {
    model_name: string;
    litellm_params: { model: string; api_base?: string; api_key?: string };
    model_info: {
      id: string;
      mode?: string;
      supports_function_calling?: boolean;
      supported_environments?: string[];
    };
  }[];
  router_settings: Record<string, unknown>;
  litellm_settings: Record<string, unknown>;
  general_settings: Record<string, unknown>;
}

function render(raw: Record<string, unknown>, secrets: string[] = []): Rendered {
  const config = parseStackConfig(raw, new Set(secrets), { root: "/", fileExists: () => true });
  return parse(renderProxyConfig(config));
}

const mixed = {
  ollama: [
    {
      name: "a",
      models: [
        { name: "llama3.2", tools: true },
        { name: "bge-m3", mode: "embedding" },
      ],
    },
    {
      name: "b",
      models: [
        { name: "llama3.2", tools: true },
        { name: "tinyllama", tools: false },
      ],
    },
  ],
  models: [
    {
      name: "chat",
      targets: [
        { server: "a", model: "llama3.2" },
        { server: "b", model: "llama3.2" },
        { provider: "gemini", model: "gemini-2.0-flash" },
      ],
    },
    { name: "small", targets: [{ server: "b", model: "tinyllama" }] },
    { name: "vectors", targets: [{ server: "a", model: "bge-m3" }] },
    { name: "claude", tools: true, targets: [{ provider: "anthropic", model: "claude-sonnet-4-0" }] },
    {
      name: "office",
      targets: [
        { provider: "openai", model: "q", apiBase: "http://gpu.example:8000/v1", apiKey: "officeApiKey" },
      ],
    },
    {
      name: "lab",
      targets: [{ provider: "openai", model: "q", apiBase: "http://lab.example/v1", apiKey: "none" }],
    },
  ],
  routing: { fallbacks: [{ model: "chat", to: ["small", "claude"] }] },
};
const secrets = ["geminiApiKey", "anthropicApiKey", "officeApiKey"];

describe("the rendered config of LiteLLM", () => {
  const rendered = render(mixed, secrets);
  const callable = rendered.model_list.filter(({ model_info }) => !model_info.supported_environments);
  const byId = (id: string) => rendered.model_list.find(({ model_info }) => model_info.id === id);

  it("is the default stack's where nothing is set", () => {
    expect(
      renderProxyConfig(parseStackConfig({}, new Set(), { root: "/", fileExists: () => true })),
    ).toMatchInlineSnapshot(`
      "model_list:
        - model_name: tinyllama1
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama1:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama1@tinyllama1
            mode: chat
        - model_name: tinyllama2
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama2:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama2@tinyllama2
            mode: chat
        - model_name: tinyllama3
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama3:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama3@tinyllama3
            mode: chat
        - model_name: tinyllama
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama1:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama@tinyllama1
            mode: chat
        - model_name: tinyllama
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama2:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama@tinyllama2
            mode: chat
        - model_name: tinyllama
          litellm_params:
            model: ollama_chat/tinyllama
            api_base: http://tinyllama3:11434
            input_cost_per_token: 0
            output_cost_per_token: 0
          model_info:
            id: tinyllama@tinyllama3
            mode: chat
      router_settings:
        routing_strategy: simple-shuffle
        num_retries: 2
        allowed_fails: 2
        cooldown_time: 30
        timeout: 600
        fallbacks: []
      litellm_settings:
        request_timeout: 600
      general_settings:
        store_model_in_db: true
        database_connection_pool_limit: 10
        proxy_batch_write_at: 60
        disable_error_logs: true
      "
    `);
  });

  it("is the same text each time, which says what the object holds", () => {
    const config = () => parseStackConfig(mixed, new Set(secrets), { root: "/", fileExists: () => true });
    expect(renderProxyConfig(config())).toBe(renderProxyConfig(config()));
    expect(rendered).toEqual(proxyConfig(config()));
  });

  it("has one entry for each target", () => {
    expect(callable.map(({ model_info }) => model_info.id)).toEqual([
      "chat@a",
      "chat@b",
      "chat@gemini",
      "small@b",
      "vectors@a",
      "claude@anthropic",
      "office@openai",
      "lab@openai",
    ]);
  });

  it("has unique ids", () => {
    const ids = rendered.model_list.map(({ model_info }) => model_info.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("sends chat to Ollama's chat API", () => {
    expect(byId("chat@b")?.litellm_params).toMatchObject({
      model: "ollama_chat/llama3.2",
      api_base: "http://b:11434",
    });
  });

  it("sends embeddings to Ollama's OpenAI-compatible API, as LiteLLM 1.73.0's own way fails", () => {
    expect(byId("vectors@a")).toMatchObject({
      litellm_params: { model: "openai/bge-m3", api_base: "http://a:11434/v1", api_key: "none" },
      model_info: { mode: "embedding" },
    });
  });

  it("names providers as LiteLLM does, with their addresses", () => {
    expect(byId("chat@gemini")?.litellm_params).toEqual({
      model: "gemini/gemini-2.0-flash",
      api_key: "os.environ/GEMINI_API_KEY",
    });
    expect(byId("office@openai")?.litellm_params).toEqual({
      model: "openai/q",
      api_base: "http://gpu.example:8000/v1",
      api_key: "os.environ/OFFICE_API_KEY",
    });
  });

  it("holds no key: each is a reference to the environment, or the word `none`", () => {
    const keys = rendered.model_list.flatMap(({ litellm_params }) => litellm_params.api_key ?? []);
    expect(keys).toHaveLength(5);
    for (const key of keys) expect(key).toMatch(/^(os\.environ\/[A-Z0-9_]+|none)$/);
    expect(JSON.stringify(rendered)).not.toMatch(/master_key|salt|database_url/);
  });

  it("says of a model whether it calls tools only where that is declared", () => {
    expect(
      ["chat@a", "small@b", "vectors@a", "claude@anthropic"].map(
        (id) => byId(id)?.model_info.supports_function_calling,
      ),
    ).toEqual([true, false, undefined, true]);
  });

  it("puts each server model with tools into LiteLLM's own table, once, and out of reach", () => {
    expect(rendered.model_list.slice(callable.length)).toEqual([
      {
        model_name: "ollama/llama3.2",
        litellm_params: { model: "ollama/llama3.2" },
        model_info: {
          id: "tools#llama3.2",
          litellm_provider: "ollama",
          supports_function_calling: true,
          supported_environments: ["development"],
        },
      },
    ]);
  });

  it("turns fallbacks into LiteLLM's list of single-key maps", () => {
    expect(rendered.router_settings.fallbacks).toEqual([{ chat: ["small", "claude"] }]);
  });

  it("passes routing and the time-out on", () => {
    const { router_settings, litellm_settings } = render({
      proxy: { requestTimeoutSeconds: 30 },
      routing: { strategy: "least-busy", retries: 5, allowedFails: 1, cooldownSeconds: 9 },
    });
    expect(router_settings).toEqual({
      routing_strategy: "least-busy",
      num_retries: 5,
      allowed_fails: 1,
      cooldown_time: 9,
      timeout: 30,
      fallbacks: [],
    });
    expect(litellm_settings).toEqual({ request_timeout: 30 });
  });

  it("does not write what only the host needs", () => {
    expect(render({ portOffset: 100, namePrefix: "x-" })).toEqual(render({}));
  });
});

describe("a price", () => {
  it("is told for a single token, in a form that Python's YAML takes for a number", () => {
    const config = parseStackConfig(
      { ollama: [{ name: "a", models: [{ name: "m", price: { input: 0.1, output: 2.5 } }] }] },
      new Set(),
      { root: "/", fileExists: () => true },
    );
    const text = renderProxyConfig(config);
    expect(text).toContain("input_cost_per_token: 1.0e-7\n");
    expect(text).toContain("output_cost_per_token: 0.0000025\n");
    expect(parse(text)).toEqual(proxyConfig(config));
    expect(proxyConfig(config).model_list[0]?.litellm_params).toMatchObject({ input_cost_per_token: 1e-7 });
  });
});

it("a model on a server costs nothing unless it has a price: LiteLLM would charge another deployment's", () => {
  for (const { litellm_params } of render({}).model_list)
    expect(litellm_params).toMatchObject({ input_cost_per_token: 0, output_cost_per_token: 0 });
});

describe("a model that LiteLLM keeps in its database", () => {
  const models = [
    { name: "kept", targets: [{ server: "tinyllama1", model: "tinyllama" }] },
    { name: "stored", store: "database", targets: [{ provider: "gemini", model: "g" }] },
  ];

  it("is not in the config file", () => {
    const { model_list } = render({ models }, ["geminiApiKey"]);
    expect(model_list.map(({ model_name }) => model_name)).toEqual(["kept"]);
  });
});

it("an entry that tells of tools has the id of no deployment, whatever these are called", () => {
  const config = parseStackConfig(
    {
      ollama: [{ name: "qwen", models: [{ name: "qwen", tools: true }] }],
      models: [{ name: "tools", targets: [{ server: "qwen", model: "qwen" }] }],
    },
    new Set(),
    { root: "/", fileExists: () => true },
  );
  const ids = proxyConfig(config).model_list.map(({ model_info }) => model_info.id);
  expect(ids).toEqual(["tools@qwen", "tools#qwen"]);
});
