import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { Database } from "../../infra/database.ts";
import { StackImages } from "../../infra/images.ts";
import { LiteLlmObjects } from "../../infra/litellm-objects.ts";
import { LiteLlmProxy } from "../../infra/litellm-proxy.ts";
import { StackNetwork } from "../../infra/network.ts";
import { OllamaServer } from "../../infra/ollama-server.ts";
import { StackSecrets } from "../../infra/secrets.ts";

// These tests show which inputs the components hand to the providers. That the inputs do what they say on an
// engine is shown by the end-to-end tests.

interface Registration {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of any resource
  inputs: Record<string, any>;
}
let registered: Registration[] = [];

await pulumi.runtime.setMocks({
  newResource: (args) => {
    registered.push({ type: args.type, name: args.name, inputs: args.inputs });
    const outputs: Record<string, unknown> = { ...args.inputs };
    if (args.type === "random:index/randomPassword:RandomPassword") outputs.result = `made-${args.name}`;
    if (args.type === "docker:index/remoteImage:RemoteImage") outputs.imageId = `sha256:${args.name}`;
    return { id: `${args.name}-id`, state: outputs };
  },
  call: () => ({}),
});

beforeEach(() => {
  registered = [];
});

const value = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
const only = (type: string) => {
  const found = registered.filter((resource) => resource.type === type);
  expect(found).toHaveLength(1);
  return (found[0] as Registration).inputs;
};
const container = "docker:index/container:Container";
const volume = "docker:index/volume:Volume";
const common = { image: "sha256:1", engineVersion: "20.10.24", networkName: "net" };

describe("every container", () => {
  it("is limited, hardened, restarted, stopped politely, and keeps its logs small", async () => {
    new Database("db", { ...common, password: "p" });
    new OllamaServer("o", { ...common, port: 1, models: [{ name: "m" }] });
    new LiteLlmProxy("proxy", { ...common, config: "", masterKey: "sk-1", saltKey: "s", databaseUrl: "u" });
    await settled();
    const containers = registered.filter((resource) => resource.type === container);
    expect(containers).toHaveLength(3);
    for (const { inputs } of containers) {
      expect(inputs).toMatchObject({
        restart: "unless-stopped",
        securityOpts: ["no-new-privileges:true"],
        capabilities: { drops: ["ALL"] },
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        networkMode: "bridge",
        wait: true,
      });
      expect(inputs.memory).toBeGreaterThan(0);
      expect(inputs.memorySwap).toBe(inputs.memory);
      expect(inputs.destroyGraceSeconds).toBeGreaterThan(0);
      expect(inputs.ulimits).toEqual([{ name: "nproc", soft: expect.any(Number), hard: expect.any(Number) }]);
      expect(inputs.healthcheck.tests[0]).toBe("CMD");
      for (const port of inputs.ports) expect(port.ip).toBe("127.0.0.1");
    }
  });

  it("is probed with a start interval on engines that know one, and often on those that do not", async () => {
    new OllamaServer("old", { ...common, port: 1, models: [{ name: "m" }] });
    await settled();
    expect(only(container).healthcheck).toMatchObject({ interval: "2s" });
    expect(only(container).healthcheck).not.toHaveProperty("startInterval");
    registered = [];
    new OllamaServer("new", { ...common, engineVersion: "28.2.2", port: 1, models: [{ name: "m" }] });
    await settled();
    expect(only(container).healthcheck).toMatchObject({ interval: "10s", startInterval: "500ms" });
  });
});

describe("Database", () => {
  it("has the seed's names, data path, port and alias by default", async () => {
    const database = new Database("database", { ...common, password: "pass/word" });
    expect(await value(database.url)).toBe("postgresql://llmproxy:pass%2Fword@db:5432/litellm");
    expect(await value(database.hostUrl)).toBe("postgresql://llmproxy:pass%2Fword@127.0.0.1:5431/litellm");
    await settled();
    expect(only(volume)).toEqual({ name: "litellm_postgres_data" });
    expect(only(container)).toMatchObject({
      name: "litellm_db",
      user: "999:999",
      networksAdvanced: [{ name: "net", aliases: ["db"] }],
      ports: [{ internal: 5432, external: 5431, ip: "127.0.0.1" }],
      volumes: [{ volumeName: "litellm_postgres_data", containerPath: "/var/lib/postgresql/data" }],
      destroyGraceSeconds: 60,
    });
  });
});

describe("OllamaServer", () => {
  it("names its volume after its container and tells the start script of each model", async () => {
    new OllamaServer("s", {
      ...common,
      port: 11431,
      threads: 2,
      models: [
        { name: "tinyllama", gguf: "/host/m.gguf" },
        { name: "bge-m3:567m", mode: "embedding" },
      ],
    });
    await settled();
    expect(only(volume).name).toBe("s_data");
    const inputs = only(container);
    expect(inputs.command).toEqual([
      "tinyllama|/models/tinyllama.gguf|chat|2",
      "bge-m3:567m|registry|embedding|2",
    ]);
    expect(inputs.volumes).toEqual([
      { volumeName: "s_data", containerPath: "/root/.ollama" },
      { hostPath: "/host/m.gguf", containerPath: "/models/tinyllama.gguf", readOnly: true },
    ]);
    expect(inputs.envs).toEqual(
      expect.arrayContaining(["OLLAMA_KEEP_ALIVE=-1", "OLLAMA_MAX_LOADED_MODELS=2", "OLLAMA_NO_CLOUD=1"]),
    );
    expect(inputs).not.toHaveProperty("gpus");
  });

  it.each([
    ["all", "all"],
    [[0, 1], "device=0,1"],
  ] as const)("passes the GPUs %j on as %s, and then sets no threads", async (gpu, gpus) => {
    new OllamaServer("s", { ...common, port: 1, threads: 2, gpu, models: [{ name: "m" }] });
    await settled();
    expect(only(container)).toMatchObject({ gpus, command: ["m|registry|chat|"] });
  });

  it("trusts a CA bundle besides the public authorities", async () => {
    new OllamaServer("s", { ...common, port: 1, models: [{ name: "m" }], caBundle: "PEM" });
    await settled();
    expect(only(container).envs).toContain("SSL_CERT_DIR=/llm-stack/ca");
    expect(only(container).uploads).toEqual([{ file: "/llm-stack/ca/extra.pem", content: "PEM" }]);
  });
});

describe("LiteLlmProxy", () => {
  it("gets its config as a file and its secrets as environment variables only", async () => {
    new LiteLlmProxy("proxy", {
      ...common,
      config: "model_list: []",
      masterKey: "sk-master",
      saltKey: "salt",
      databaseUrl: "postgresql://x",
      secretEnvironment: { GEMINI_API_KEY: pulumi.secret("g-key") },
    });
    await settled();
    const inputs = only(container);
    expect(inputs).toMatchObject({
      name: "litellm",
      ports: [{ internal: 4000, external: 4444, ip: "127.0.0.1" }],
    });
    expect(inputs.command).toEqual(["--config", "/app/config.yml", "--port", "4000"]);
    expect(inputs.uploads[0]).toEqual({ file: "/app/config.yml", content: "model_list: []" });
    expect(JSON.stringify({ uploads: inputs.uploads, command: inputs.command })).not.toMatch(
      /sk-master|g-key/,
    );
    const envs = inputs.envs.value ?? inputs.envs;
    expect(envs).toEqual(
      expect.arrayContaining([
        "LITELLM_MASTER_KEY=sk-master",
        "LITELLM_SALT_KEY=salt",
        "GEMINI_API_KEY=g-key",
        "STORE_MODEL_IN_DB=True",
      ]),
    );
  });

  it("moves only its own port when it binds elsewhere", async () => {
    const proxy = new LiteLlmProxy("proxy", {
      ...common,
      config: "",
      masterKey: "sk-1",
      saltKey: "s",
      databaseUrl: "u",
      bind: "192.0.2.7",
      port: 8080,
    });
    expect(await value(proxy.url)).toBe("http://192.0.2.7:8080");
    await settled();
    expect(only(container).ports).toEqual([{ internal: 4000, external: 8080, ip: "192.0.2.7" }]);
  });
});

describe("StackSecrets", () => {
  it("generates what is not given, with the prefix that LiteLLM asks for, as secrets", async () => {
    const secrets = new StackSecrets("secrets");
    expect(await value(secrets.masterKey)).toBe("sk-made-secrets-master-key");
    expect(await value(secrets.databasePassword)).toBe("made-secrets-database-password");
    expect(await pulumi.isSecret(secrets.masterKey)).toBe(true);
    expect(await pulumi.isSecret(secrets.saltKey)).toBe(true);
  });

  it("takes a given value and keeps the generated one in the state, so that nothing protected is removed", async () => {
    const secrets = new StackSecrets("secrets", { masterKey: "sk-4444" });
    expect(await value(secrets.masterKey)).toBe("sk-4444");
    expect(await pulumi.isSecret(secrets.masterKey)).toBe(true);
    await settled();
    expect(
      registered.filter((resource) => resource.type === "random:index/randomPassword:RandomPassword"),
    ).toHaveLength(3);
  });
});

describe("StackImages and StackNetwork", () => {
  it("hands image ids to the containers and never removes an image", async () => {
    const images = new StackImages("images", {
      postgres: "postgres:16.14",
      ollama: "ollama/ollama:0.17.1",
      litellm: "l:1",
    });
    expect(await value(images.ollama)).toBe("sha256:images-ollama");
    await settled();
    for (const { inputs } of registered.filter((r) => r.type === "docker:index/remoteImage:RemoteImage")) {
      expect(inputs.keepLocally).toBe(true);
    }
  });

  it("makes one user network", async () => {
    expect(await value(new StackNetwork("network").networkName)).toBe("llm-stack");
  });
});

describe("LiteLlmObjects", () => {
  const server = { kind: "server", id: "m@a", server: "a", model: "tinyllama", tools: undefined } as const;
  const cloud = {
    kind: "provider",
    id: "g@gemini",
    provider: "gemini",
    model: "g",
    secret: "geminiApiKey",
    tools: true,
    price: { input: 1, output: 2 },
  } as const;
  const model = { mode: "chat", verify: false, store: "database" } as const;

  it("makes models, teams and keys, with the secrets that they need", async () => {
    const database = new pulumi.ComponentResource("test:Database", "database");
    const objects = new LiteLlmObjects("objects", {
      endpoint: "http://localhost:4444",
      masterKey: "sk-master",
      database,
      models: [
        { ...model, name: "m", deployments: [server] },
        { ...model, name: "g", deployments: [cloud] },
      ],
      teams: [{ name: "red", models: ["m"], maxBudget: 5, blocked: false }],
      keys: [
        { name: "agent", models: ["m"], rpmLimit: 1, blocked: false },
        { name: "member", team: "red", blocked: true, value: "memberApiKey" },
      ],
      secrets: {
        geminiApiKey: pulumi.secret("g-secret"),
        memberApiKey: pulumi.secret("sk-member-value"),
      },
    });
    await settled();

    const made = (type: string) =>
      Object.fromEntries(
        registered
          .filter((resource) => resource.type === `litellm:index:${type}`)
          .map(({ name, inputs }) => [name, inputs]),
      );
    expect(made("Model")).toEqual({
      "m@a": {
        modelName: "m",
        modelId: "m@a",
        model: "ollama_chat/tinyllama",
        apiBase: "http://a:11434",
        params: { input_cost_per_token: 0, output_cost_per_token: 0 },
        modelInfo: { mode: "chat" },
      },
      "g@gemini": {
        modelName: "g",
        modelId: "g@gemini",
        model: "gemini/g",
        credentials: expect.anything(),
        params: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
        modelInfo: { mode: "chat", supports_function_calling: true },
      },
    });
    expect(JSON.stringify(made("Model")["g@gemini"]?.credentials)).toContain("g-secret");
    expect(made("Team")).toEqual({ "team-red": { teamAlias: "red", models: ["m"], maxBudget: 5 } });
    expect(made("Key")).toEqual({
      agent: { keyAlias: "agent", models: ["m"], rpmLimit: 1 },
      member: {
        keyAlias: "member",
        teamId: "team-red-id",
        blocked: true,
        key: expect.objectContaining({ value: "sk-member-value" }),
      },
    });
    expect(Object.keys(objects.keys)).toEqual(["agent", "member"]);
  });
});
