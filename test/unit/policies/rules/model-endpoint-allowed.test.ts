import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { PROXY_CONFIG_ENVIRONMENT, renderProxyConfig } from "../../../../litellm/config-file.ts";
import { modelEndpointAllowed } from "../../../../policies/rules/model-endpoint-allowed.ts";
import { container, litellm, resource, UNKNOWN, violations } from "../../../support/policies.ts";

const KEYS = ["LITELLM_MASTER_KEY=sk-own", "LITELLM_SALT_KEY=own"];
const IN = "in `uploads[0]` (`/app/config.yml`) of `proxy`";
const message = (problem: string) => `${problem}. ${modelEndpointAllowed.remediation}`;
const at = (property: string, index = 0) => `\`model_list[${index}].litellm_params.${property}\` ${IN}`;

const AWAY = "points at `a.example`, which is neither on the stack's network nor allowed";
const AMBIGUOUS = "holds a URL that not every program reads in the same way";

const list = (...models: object[]) =>
  stringify({ model_list: models.map((params) => ({ model_name: "m", litellm_params: params })) });
/** A LiteLLM with `content` as its config. */
const proxy = (content: string, props: object = {}) =>
  litellm({ uploads: [{ file: "/app/config.yml", content }], ...props });
/** A model server `tinyllama1`, known on the network as `tiny` too. */
const server = container({ name: "tinyllama1", networksAdvanced: [{ name: "theirs", aliases: ["tiny"] }] });
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
    expect(found(merged)).toEqual([
      message(`\`base.api_base\` ${IN} ${AWAY}`),
      message(`${at("api_base")} ${AWAY}`),
    ]);
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
        "`envs[2]` (`WHERE`) of `proxy` points at `a.example`, which is neither on the stack's network nor allowed",
      ),
    ]);
    expect(found(content, { envs: [...KEYS, "WHERE=tiny"] })).toEqual([
      message(`${at("api_base")} is not a URL`),
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
        "`envs[2]` (`OPENAI_BASE_URL`) of `proxy` points at `a.example`, which is neither on the stack's network nor allowed",
      ),
    ]);
  });

  it("is rejected where only LiteLLM's list tells its provider", () => {
    expect(found(list({ model: "claude-3-opus" }))).toEqual([
      message(`${at("model")} names no provider, as \`openai/claude-3-opus\` does`),
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

describe("an address anywhere in a config file", () => {
  it.each([
    ["litellm_settings.api_base", { litellm_settings: { api_base: "https://a.example" } }],
    [
      "credential_list[0].credential_values.api_base",
      { credential_list: [{ credential_name: "c", credential_values: { api_base: "https://a.example" } }] },
    ],
    [
      "general_settings.pass_through_endpoints[0].target",
      { general_settings: { pass_through_endpoints: [{ path: "/v1/x", target: "https://a.example/x" }] } },
    ],
    ["mcp_servers.m.url", { mcp_servers: { m: { url: "https://a.example/mcp" } } }],
    [
      "search_tools[0].litellm_params.api_base",
      { search_tools: [{ search_tool_name: "s", litellm_params: { api_base: "https://a.example" } }] },
    ],
    [
      "guardrails[0].litellm_params.api_base",
      { guardrails: [{ guardrail_name: "g", litellm_params: { api_base: "https://a.example" } }] },
    ],
    [
      "vector_store_registry[0].litellm_params.api_base",
      { vector_store_registry: [{ litellm_params: { api_base: "https://a.example" } }] },
    ],
    ["litellm_settings.cache_params.host", { litellm_settings: { cache_params: { host: "a.example" } } }],
    ["environment_variables.ANY", { environment_variables: { ANY: "see https://a.example/x" } }],
    [
      "router_settings.fallbacks[0].m[0].api_base",
      { router_settings: { fallbacks: [{ m: [{ model: "openai/x", api_base: "https://a.example" }] }] } },
    ],
  ])("is judged: %s", (place, content) => {
    expect(found(stringify(content))).toEqual([message(`\`${place}\` ${IN} ${AWAY}`)]);
    expect(found(stringify(content), {}, { hosts: ["A.example"] })).toEqual([]);
  });

  it.each([
    { model: "bedrock/m", aws_bedrock_runtime_endpoint: "https://a.example" },
    { model: "openai/m", api_base: "http://tiny", proxy: "https://a.example" },
    { model: "huggingface/https://a.example/m" },
  ])("is judged in a model: %o", (params) => {
    expect(found(list(params))).toEqual([message(`${at(Object.keys(params).at(-1) as string)} ${AWAY}`)]);
  });

  it.each([
    "http://tiny\\@a.example",
    "http://tiny\t.a.example",
    "http:a.example",
    "http:/a.example",
    "http://tiny@me@a.example",
    "http://t%69ny",
    "http://0x7f.1",
    "http://ｔiny",
    "http://tiny,http://a.example",
    "http://$HOST",
  ])("is rejected where programs disagree on its host: %s", (api_base) => {
    expect(found(list({ model: "openai/t", api_base }))[0]).toEqual(
      message(`${at("api_base")} ${AMBIGUOUS}`),
    );
  });

  it("is not taken from what is no address", () => {
    const content = stringify({
      model_list: [
        { model_name: "m:1", litellm_params: { model: "openai/m:1b", api_key: "os.environ/UNSET" } },
      ],
      general_settings: {
        database_url: "os.environ/DATABASE_URL",
        alerting: ["slack"],
        pass_through_endpoints: [{ path: "/v1/rerank", target: "http://tiny/rerank" }],
      },
      litellm_settings: { cache_params: { host: "tiny", port: 6379 }, drop_params: true },
    });
    expect(found(content)).toEqual([]);
  });

  it("may not be left to clients", () => {
    expect(found("general_settings: { allow_client_side_credentials: true }")).toEqual([
      message(
        `\`general_settings.allow_client_side_credentials\` ${IN} lets clients choose where models are served`,
      ),
    ]);
    const params = { model: "openai/t", configurable_clientside_auth_params: ["api_key", "api_base"] };
    expect(found(list(params))).toEqual([
      message(`${at("configurable_clientside_auth_params[1]")} lets clients choose where models are served`),
    ]);
  });
});

describe("what LiteLLM is started with", () => {
  const started = (props: object, config: object = {}) =>
    violations(modelEndpointAllowed, [server, litellm(props)], config);

  it.each([
    "FIREWORKS_API_BASE=https://a.example",
    "AWS_BEDROCK_RUNTIME_ENDPOINT=https://a.example",
    "LANGFUSE_HOST=a.example",
    "HTTPS_PROXY=http://a.example:3128",
    "ANY=https://a.example",
  ])("is judged by its variables: %s", (variable) => {
    const place = `\`envs[2]\` (\`${variable.split("=")[0]}\`) of \`proxy\``;
    expect(started({ envs: [...KEYS, variable] })).toEqual([message(`${place} ${AWAY}`)]);
    expect(started({ envs: [...KEYS, variable] }, { hosts: ["a.example"] })).toEqual([]);
  });

  it("has variables that are no addresses to call", () => {
    const own = [
      "PROXY_BASE_URL=https://llm.example",
      "DATABASE_URL=postgresql://u:p@db.example/x",
      "HOST=0.0.0.0",
    ];
    expect(started({ envs: [...KEYS, ...own, "OPENAI_API_BASE=http://tiny/v1"] })).toEqual([]);
    expect(started({ envs: [...KEYS, "OPENAI_API_BASE=a.example"] })).toEqual([
      message("`envs[2]` (`OPENAI_API_BASE`) of `proxy` is not a URL"),
    ]);
    const reference = list({ model: "openai/t", api_base: "os.environ/PROXY_BASE_URL" });
    expect(found(reference, { envs: [...KEYS, "PROXY_BASE_URL=https://a.example"] })).toEqual([
      message(`${at("api_base")} ${AWAY}`),
    ]);
  });

  it.each([
    [["--api_base", "https://a.example"], `\`command[1]\` of \`proxy\` ${AWAY}`],
    [["--api_base=https://a.example"], `\`command[0]\` of \`proxy\` ${AWAY}`],
    [["--api_base", "a.example"], "`command[1]` of `proxy` is not a URL"],
    [["--model", "huggingface/https://a.example"], `\`command[1]\` of \`proxy\` ${AWAY}`],
    [
      ["--model", "unheard_of/m"],
      "`command[1]` of `proxy` has the provider `unheard_of`, which is not allowed",
    ],
    [["-c", "litellm --api_base 'https://a.example' --port 4000"], `\`command[1]\` of \`proxy\` ${AWAY}`],
  ])("is judged by its command: %j", (command, problem) => {
    expect(started({ command })).toEqual([message(problem)]);
  });

  it("is accepted with a port, a script and a file that it is given", () => {
    expect(started({ command: ["--port", "4000", "--host", "0.0.0.0"] })).toEqual([]);
    const uploads = [{ file: "/app/config.yml", content: list({ model: "openai/m" }) }];
    for (const props of [
      { command: ["--config", "/app/config.yml"] },
      { command: ["--config=config.yml"], workingDir: "/app" },
      { command: ["-c", "config.yml"] },
      { entrypoints: ["sh", "-c", "exec litellm --config /app/config.yml"] },
      { envs: [...KEYS, "CONFIG_FILE_PATH=/app/config.yml"] },
    ])
      expect(started({ uploads, ...props })).toEqual([]);
  });

  it.each([
    [{ command: ["--config", "/etc/l.yml"] }, "`command[1]` of `proxy` names the config file `/etc/l.yml`"],
    [{ command: ["--config=l.yml"] }, "`command[0]` of `proxy` names the config file `/app/l.yml`"],
    [
      { entrypoints: ["sh", "-c", "litellm --config $C"] },
      "`entrypoints[2]` of `proxy` names the config file `/app/$C`",
    ],
    [
      { envs: [...KEYS, "CONFIG_FILE_PATH=/etc/l.yml"] },
      "`envs[2]` of `proxy` names the config file `/etc/l.yml`",
    ],
  ])("is rejected with a config that is not read: %j", (props, problem) => {
    const volumes = [{ hostPath: "/srv/l.yml", containerPath: "/etc/l.yml" }];
    expect(started({ volumes, ...props })).toEqual([
      message(`${problem}, which is not among \`uploads\`, so that nothing is known of its models`),
    ]);
  });

  describe("with a config among its arguments, which its own program writes into memory", () => {
    const given = (config: string, more: object = {}) =>
      started({
        tmpfs: { "/tmp": "mode=1777" },
        entrypoints: ["python3", "-P", "-c", "print(f'http://localhost:{port}')"],
        command: ["--config", "/tmp/config.yml", "--port", "4000", config],
        ...more,
      });
    const own = list({ model: "openai/m" });

    it("is accepted, whatever its program says", () => {
      expect(given(own)).toEqual([]);
    });

    it("is judged by it", () => {
      expect(given(list({ model: "openai/m", api_base: "https://a.example" }))).toEqual([
        message(`\`model_list[0].litellm_params.api_base\` in \`command[4]\` of \`proxy\` ${AWAY}`),
      ]);
      expect(given("model_list: [")).toEqual([message("`command[4]` of `proxy` is not YAML")]);
    });

    it.each([
      ["is on a disk, which the image or a mount may fill", own, { tmpfs: {} }],
      ["is not among them", "--detailed_debug", {}],
    ])("is rejected where the config %s", (_, config, more) => {
      expect(given(config, more)).toEqual([
        message(
          "`command[1]` of `proxy` names the config file `/tmp/config.yml`, which is not among `uploads`, so that nothing is known of its models",
        ),
      ]);
    });

    it("is rejected with a program for a shell, which may start LiteLLM otherwise", () => {
      expect(given(own, { entrypoints: ["sh", "-c", "litellm --api_base https://a.example"] })).toEqual([
        message(`\`entrypoints[2]\` of \`proxy\` ${AWAY}`),
      ]);
    });
  });

  it.each([
    "LITELLM_CONFIG_BUCKET_NAME=b",
    'WORKER_CONFIG={"model":"x/y"}',
  ])("is rejected with a config in %s", (variable) => {
    expect(started({ envs: [...KEYS, variable] })).toEqual([
      message(
        `\`envs[2]\` (\`${variable.split("=")[0]}\`) of \`proxy\` gives LiteLLM a config that is not read; give it a file among \`uploads\``,
      ),
    ]);
  });

  it("is rejected with a config that is copied, covered or includes another", () => {
    const content = list({ model: "openai/m" });
    const place = "`uploads[0]` (`/app/config.yml`) of `proxy`";
    const file = "/app/config.yml";
    expect(started({ uploads: [{ file, source: "./config.yml" }] })).toEqual([
      message(`${place} is copied from \`source\`, which is not read; give it as \`content\``),
    ]);
    expect(
      started({ uploads: [{ file, content }], volumes: [{ volumeName: "v", containerPath: "/app" }] }),
    ).toEqual([message(`${place} is in what \`volumes[0]\` mounts, which may hold another file`)]);
    const including = `${content}include: [models/more]\n`;
    expect(started({ uploads: [{ file, content: including }] })).toEqual([
      message(
        `\`include[0]\` in ${place} names the config file \`/app/models/more\`, which is not among \`uploads\`, so that nothing is known of its models`,
      ),
    ]);
    const more = { file: "/app/models/more", content: "x: https://a.example" };
    expect(started({ uploads: [{ file, content: including }, more] })).toEqual([
      message(`\`x\` in \`uploads[1]\` (\`/app/models/more\`) of \`proxy\` ${AWAY}`),
    ]);
  });

  it("is rejected with hosts that lead elsewhere", () => {
    const hosts = [
      { host: "tiny", ip: "203.0.113.5" },
      { host: "host.docker.internal", ip: "host-gateway" },
      { host: "llm.example.org", ip: "10.0.0.5" },
    ];
    expect(started({ hosts }, { hosts: ["llm.example.org"] })).toEqual([
      message("`hosts[0]` of `proxy` sends `tiny` to `203.0.113.5`"),
    ]);
  });
});

describe("a host of the stack", () => {
  const there = list({ model: "openai/t", api_base: "http://tiny" });
  const check = (networks: object) =>
    violations(modelEndpointAllowed, [container({ name: "t1", ...networks }), proxy(there)]);

  it("is one that LiteLLM shares a network with", () => {
    const aliases = ["tiny"];
    expect(check({ networksAdvanced: [{ name: "theirs", aliases }] })).toEqual([]);
    expect(check({ name: "tiny", networkMode: "theirs", networksAdvanced: undefined })).toEqual([]);
    const away = "points at `tiny`, which is neither on the stack's network nor allowed";
    for (const networks of [
      { networksAdvanced: [{ name: "other", aliases }] },
      { networksAdvanced: [{ name: "theirs" }, { name: "other", aliases }] },
      { name: "tiny", networksAdvanced: [{ name: "bridge" }] },
    ])
      expect(check(networks)).toEqual([message(`${at("api_base")} ${away}`)]);
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

  it("is judged by whatever it holds, and not by keys, which may be unknown", () => {
    const credentials = { api_key: UNKNOWN, api_base: "https://a.example" };
    expect(foundOf({ model: "openai/t", credentials })).toEqual([
      message(`\`credentials.api_base\` of \`m\` ${AWAY}`),
    ]);
    expect(foundOf({ model: "ollama/t", credentials: { api_base: "http://tiny" } })).toEqual([]);
    expect(
      foundOf({ model: "bedrock/t", params: { aws_bedrock_runtime_endpoint: "https://a.example" } }),
    ).toEqual([message(`\`params.aws_bedrock_runtime_endpoint\` of \`m\` ${AWAY}`)]);
    expect(foundOf({ model: "huggingface/https://a.example" })).toEqual([
      message(`\`model\` of \`m\` ${AWAY}`),
    ]);
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

  it("unknown variables are left open, as any may be an address, and what is known is reported", () => {
    expect(found(list({ model: "openai/t", api_base: "http://tiny" }), { envs: UNKNOWN })).toEqual([
      "unknown: .envs",
    ]);
    expect(found(away, { envs: UNKNOWN })).toEqual([
      message(`${at("api_base")} ${problem}`),
      "unknown: .envs",
    ]);
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
