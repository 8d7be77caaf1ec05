import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { PROXY_CONFIG_ENVIRONMENT, renderProxyConfig } from "../../../../litellm/config-file.ts";
import { modelEndpointAllowed } from "../../../../policies/rules/model-endpoint-allowed.ts";
import { container, litellm, resource, UNKNOWN, violations } from "../../../support/policies.ts";

const KEYS = ["LITELLM_MASTER_KEY=sk-own", "LITELLM_SALT_KEY=own"];
const IN = "in `uploads[0]` (`/app/config.yml`) of `proxy`";
const message = (problem: string) => `${problem}. ${modelEndpointAllowed.remediation}`;
const at = (property: string, index = 0) => `\`model_list[${index}].litellm_params.${property}\` ${IN}`;

const list = (...models: object[]) =>
  stringify({ model_list: models.map((params) => ({ model_name: "m", litellm_params: params })) });
/** A LiteLLM with `content` as its config. */
const proxy = (content: string, props: object = {}) =>
  litellm({ uploads: [{ file: "/app/config.yml", content }], ...props });
/** A model server `tinyllama1`, known on the network as `tiny` too. */
const server = container({ name: "tinyllama1", networksAdvanced: [{ name: "n", aliases: ["tiny"] }] });
const found = (content: string, props: object = {}, config: object = {}) =>
  violations(modelEndpointAllowed, [server, proxy(content, props)], config);

describe("a model with an address", () => {
  it.each([
    { model: "ollama_chat/t", api_base: "http://tinyllama1:11434" },
    { model: "ollama_chat/t", api_base: "http://TINY:11434" },
    { model: "openai/t", api_base: "http://tiny:11434/v1" },
    { model: "openai/t", base_url: "http://tiny:11434/v1" },
    { model: "unheard_of/t", api_base: "http://litellm:4000" },
  ])("is accepted on the stack's network: %o", (params) => {
    expect(found(list(params))).toEqual([]);
  });

  it.each([
    ["api_base", "https://llm.example.org/v1", "points at `llm.example.org`"],
    ["base_url", "https://llm.example.org/v1", "points at `llm.example.org`"],
    ["api_base", "http://me:pw@llm.example.org", "points at `llm.example.org`"],
    ["api_base", "http://localhost:11434", "points at `localhost`"],
    ["api_base", "http://host.docker.internal:11434", "points at `host.docker.internal`"],
    ["api_base", "http://tinyllama1.example.org", "points at `tinyllama1.example.org`"],
  ])("is rejected elsewhere: %s %s", (property, address, problem) => {
    expect(found(list({ model: "openai/t", [property]: address }))).toEqual([
      message(`${at(property)} ${problem}, which is neither on the stack's network nor allowed`),
    ]);
  });

  it("is rejected where the address is none", () => {
    expect(found(list({ model: "openai/t", api_base: "tinyllama1" }))).toEqual([
      message(`${at("api_base")} is not a URL`),
    ]);
    expect(found(list({ model: "openai/t", api_base: "tinyllama1:11434" }))).toEqual([
      message(`${at("api_base")} is not a URL`),
    ]);
  });

  it("is looked at wherever it stands in the list", () => {
    const away = { model: "openai/t", api_base: "https://a.example" };
    expect(found(list({ model: "openai/t" }, away))).toEqual([
      message(
        `${at("api_base", 1)} points at \`a.example\`, which is neither on the stack's network nor allowed`,
      ),
    ]);
    const merged = `
base: &base { api_base: "https://a.example" }
model_list:
  - { model_name: m, litellm_params: { <<: *base, model: openai/t } }
`;
    expect(found(merged)).toHaveLength(1);
  });

  it("is accepted on hosts that config allows", () => {
    const content = list({ model: "openai/t", api_base: "https://llm.example.org/v1" });
    expect(found(content, {}, { hosts: ["llm.example.org"] })).toEqual([]);
  });

  it("may come from the environment", () => {
    const content = list({ model: "ollama_chat/t", api_base: "os.environ/WHERE" });
    expect(found(content, { envs: [...KEYS, "WHERE=http://tiny:11434"] })).toEqual([]);
    expect(found(content, { envs: [...KEYS, "WHERE=http://a.example"] })).toEqual([
      message(
        `${at("api_base")} points at \`a.example\`, which is neither on the stack's network nor allowed`,
      ),
    ]);
    expect(found(content)).toEqual([message(`${at("api_base")} is \`os.environ/WHERE\`, which is not set`)]);
    expect(found(`${content}environment_variables: { WHERE: "http://tiny:11434" }\n`)).toEqual([]);
  });
});

describe("a model without an address", () => {
  it.each([
    "openai/gpt-4o",
    "gpt-4o",
    "gemini/gemini-2.0-flash",
    "azure/x",
    "voyage/voyage-3",
    "openai/*",
  ])("is accepted from a provider of the default list: %s", (model) => {
    expect(found(list({ model }))).toEqual([]);
  });

  it.each([
    ["unheard_of/x", "unheard_of"],
    ["*", "*"],
    ["*/*", "*"],
  ])("is rejected from another provider: %s", (model, provider) => {
    expect(found(list({ model }))).toEqual([
      message(`${at("model")} has the provider \`${provider}\`, which is not allowed`),
    ]);
  });

  it("goes by `custom_llm_provider` where that is set", () => {
    expect(found(list({ model: "x", custom_llm_provider: "unheard_of" }))).toHaveLength(1);
    expect(found(list({ model: "unheard_of/x", custom_llm_provider: "openai" }))).toEqual([]);
  });

  it("is accepted from a provider that config allows, and only from those", () => {
    expect(found(list({ model: "unheard_of/x" }), {}, { providers: ["unheard_of"] })).toEqual([]);
    expect(found(list({ model: "gpt-4o" }), {}, { providers: ["gemini"] })).toHaveLength(1);
  });

  it.each(["ollama/t", "ollama_chat/t"])("is rejected from Ollama: %s", (model) => {
    const problem = `${at("model")} has no \`api_base\`, and Ollama's default is LiteLLM's own container`;
    expect(found(list({ model }))).toEqual([message(problem)]);
    expect(found(list({ model }), {}, { providers: ["ollama", "ollama_chat"] })).toEqual([message(problem)]);
  });

  it("goes by the provider's variable where that is set", () => {
    const content = list({ model: "ollama_chat/t" });
    expect(found(content, { envs: [...KEYS, "OLLAMA_API_BASE=http://tiny:11434"] })).toEqual([]);
    expect(
      found(list({ model: "gpt-4o" }), { envs: [...KEYS, "OPENAI_BASE_URL=https://a.example"] }),
    ).toEqual([
      message(
        `\`OPENAI_BASE_URL\`, the address of ${at("model")}, points at \`a.example\`, which is neither on the stack's network nor allowed`,
      ),
    ]);
  });

  it("is rejected without a name", () => {
    expect(found(list({ rpm: 1 }))).toEqual([message(`${at("model")} names no model`)]);
  });
});

describe("a config file", () => {
  const bad = list({ model: "unheard_of/x" });

  it("is found by its name or by what it holds, plain or in base64", () => {
    const contentBase64 = Buffer.from(bad).toString("base64");
    for (const upload of [
      { file: "/a.yaml", content: bad },
      { file: "/etc/litellm", content: bad },
      {
        file: "/etc/litellm",
        content: JSON.stringify({ model_list: [{ litellm_params: { model: "a/b" } }] }),
      },
      { file: "/a.yml", contentBase64 },
    ])
      expect(violations(modelEndpointAllowed, [litellm({ uploads: [upload] })])).toHaveLength(1);
  });

  it("is not looked at in other containers, nor are other files", () => {
    const uploads = [
      { file: "/app/start.py", content: "x: [" },
      { file: "/a.yml", content: "a: b" },
      { file: "/b.yml", content: "" },
    ];
    expect(violations(modelEndpointAllowed, [litellm({ uploads })])).toEqual([]);
    expect(
      violations(modelEndpointAllowed, [container({ uploads: [{ file: "/a.yml", content: bad }] })]),
    ).toEqual([]);
  });

  it.each([
    ["model_list: [", "`uploads[0]` (`/app/config.yml`) of `proxy` is not YAML"],
    ["model_list: *nothing", "`uploads[0]` (`/app/config.yml`) of `proxy` is not YAML"],
    ["model_list: { a: b }", "`model_list` in `uploads[0]` (`/app/config.yml`) of `proxy` is not a list"],
    ["model_list: [a]", `\`model_list[0]\` ${IN} has no \`litellm_params\``],
  ])("that cannot be read is rejected: `%s`", (content, problem) => {
    expect(found(content)).toEqual([message(problem)]);
  });

  it("may have models for another environment, which are never called", () => {
    const content = stringify({
      model_list: [
        { litellm_params: { model: "ollama/t" }, model_info: { supported_environments: ["development"] } },
      ],
    });
    expect(found(content, { envs: [...KEYS, "LITELLM_ENVIRONMENT=production"] })).toEqual([]);
    expect(found(content, { envs: [...KEYS, "LITELLM_ENVIRONMENT=development"] })).toHaveLength(1);
    expect(found(content)).toHaveLength(1);
  });

  it("of the default stack is accepted, tools and embeddings too", () => {
    const chat = { kind: "server", server: "tiny", model: "qwen", id: "a@tiny", tools: true } as const;
    const provider = {
      kind: "provider",
      provider: "gemini",
      model: "flash",
      secret: "geminiApiKey",
      id: "b@gemini",
      tools: undefined,
    } as const;
    const model = { verify: true, store: "config" } as const;
    const content = renderProxyConfig({
      models: [
        { ...model, name: "a", mode: "chat", deployments: [chat, provider] },
        { ...model, name: "e", mode: "embedding", deployments: [{ ...chat, tools: undefined }] },
      ],
      routing: { strategy: "simple-shuffle", retries: 1, allowedFails: 1, cooldownSeconds: 1, fallbacks: [] },
      proxy: { requestTimeoutSeconds: 600 },
    } as unknown as Parameters<typeof renderProxyConfig>[0]);
    expect(content).toContain("supported_environments");
    const environment = Object.entries(PROXY_CONFIG_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
    expect(found(content, { envs: [...KEYS, ...environment] })).toEqual([]);
  });
});

describe("a model in LiteLLM's database", () => {
  const model = (props: object) => resource("litellm:index:Model", "m", { modelName: "m", ...props });
  const foundOf = (props: object, ...more: ReturnType<typeof model>[]) =>
    violations(modelEndpointAllowed, [server, litellm(), model(props), ...more]);

  it("is accepted on the stack's network and from allowed providers", () => {
    expect(foundOf({ model: "ollama_chat/t", apiBase: "http://tiny:11434" })).toEqual([]);
    expect(foundOf({ model: "gemini/flash", params: { rpm: 1 } })).toEqual([]);
  });

  it.each([
    [
      { model: "openai/t", apiBase: "https://a.example" },
      "`apiBase` of `m` points at `a.example`, which is neither on the stack's network nor allowed",
    ],
    [
      { model: "openai/t", params: { base_url: "https://a.example" } },
      "`params.base_url` of `m` points at `a.example`, which is neither on the stack's network nor allowed",
    ],
    [{ model: "unheard_of/x" }, "`model` of `m` has the provider `unheard_of`, which is not allowed"],
    [
      { model: "ollama/x" },
      "`model` of `m` has no `api_base`, and Ollama's default is LiteLLM's own container",
    ],
    [
      { model: "openai/t", apiBase: "os.environ/WHERE" },
      "`apiBase` of `m` is `os.environ/WHERE`, which is not set",
    ],
  ])("is rejected otherwise: %o", (props, problem) => {
    expect(foundOf(props)).toEqual([message(problem)]);
  });

  it("goes by the environment of the stack's LiteLLM", () => {
    const proxy = litellm({ envs: [...KEYS, "WHERE=http://tiny:11434"] });
    const stack = [server, proxy, model({ model: "openai/t", apiBase: "os.environ/WHERE" })];
    expect(violations(modelEndpointAllowed, stack)).toEqual([]);
  });

  it("is left open where its address is unknown, and the others are reported", () => {
    expect(foundOf({ model: "openai/t", apiBase: UNKNOWN }, model({ model: "unheard_of/x" }))).toEqual([
      message("`model` of `m` has the provider `unheard_of`, which is not allowed"),
      "unknown: .apiBase",
    ]);
  });
});

describe("in a preview", () => {
  const away = list({ model: "openai/t", api_base: "https://a.example" });
  const problem = "points at `a.example`, which is neither on the stack's network nor allowed";

  it("a file that is unknown is left open, and the others are reported", () => {
    const uploads = [
      { file: "/a.yml", content: UNKNOWN },
      { file: "/app/config.yml", content: away },
    ];
    expect(violations(modelEndpointAllowed, [litellm({ uploads })])).toEqual([
      message(
        `\`model_list[0].litellm_params.api_base\` in \`uploads[1]\` (\`/app/config.yml\`) of \`proxy\` ${problem}`,
      ),
      "unknown: .uploads.0.content",
    ]);
  });

  it("unknown variables matter only to models that may go by them", () => {
    expect(found(list({ model: "openai/t", api_base: "http://tiny" }), { envs: UNKNOWN })).toEqual([]);
    expect(found(away, { envs: UNKNOWN })).toEqual([message(`${at("api_base")} ${problem}`)]);
    expect(
      found(list({ model: "ollama/t" }, { model: "openai/t", api_base: "https://a.example" }), {
        envs: [UNKNOWN],
      }),
    ).toEqual([message(`${at("api_base", 1)} ${problem}`), "unknown: .envs.0"]);
  });

  it("a host that may be a container of unknown name is left open", () => {
    const unnamed = container({ name: UNKNOWN });
    expect(violations(modelEndpointAllowed, [unnamed, server, proxy(away)])).toEqual(["unknown: .name"]);
    const near = list({ model: "openai/t", api_base: "http://tiny" });
    expect(violations(modelEndpointAllowed, [unnamed, server, proxy(near)])).toEqual([]);
  });
});
