import { describe, expect, it } from "vitest";
import { parse, problemsOf } from "../../support/stack-config.ts";

const chatAndEmbedding = {
  name: "both",
  models: ["smollm2", { name: "bge-m3", mode: "embedding" }],
};

describe("the default config", () => {
  const config = parse({});

  it("has the ports of the seed's stack", () => {
    expect([config.proxy.port, config.database.port]).toEqual([4444, 5431]);
    expect(config.ollama.map(({ name, port }) => [name, port])).toEqual([
      ["tinyllama1", 11431],
      ["tinyllama2", 11432],
      ["tinyllama3", 11433],
    ]);
  });

  it("offers each server under its own name, and the model over all three", () => {
    expect(config.models.map(({ name, deployments }) => [name, deployments.map(({ id }) => id)])).toEqual([
      ["tinyllama1", ["tinyllama1@tinyllama1"]],
      ["tinyllama2", ["tinyllama2@tinyllama2"]],
      ["tinyllama3", ["tinyllama3@tinyllama3"]],
      ["tinyllama", ["tinyllama@tinyllama1", "tinyllama@tinyllama2", "tinyllama@tinyllama3"]],
    ]);
  });

  it("stays on loopback", () => expect(config.network.bind).toBe("127.0.0.1"));
});

describe("model names that the config does not list", () => {
  it("leave out the server's name when it serves several models", () => {
    const { models } = parse({ ollama: [chatAndEmbedding] });
    expect(models.map(({ name, mode }) => [name, mode])).toEqual([
      ["smollm2", "chat"],
      ["bge-m3", "embedding"],
    ]);
  });

  it("leave out the server's name when a model has that name", () => {
    const { models } = parse({ ollama: [{ name: "tinyllama" }, { name: "other" }] });
    expect(models.map(({ name }) => name)).toEqual(["other", "tinyllama"]);
  });

  it("take `:latest` and no tag as one model", () => {
    const { models } = parse({
      ollama: [
        { name: "a", models: ["m:latest"] },
        { name: "b", models: ["m"] },
      ],
    });
    expect(models.at(-1)).toMatchObject({
      name: "m",
      deployments: [{ model: "m:latest" }, { model: "m" }],
    });
  });
});

describe("a listed model", () => {
  it("keeps one id for each target, with a number for a repeated place", () => {
    const { models } = parse(
      {
        ollama: [{ name: "s" }, { name: "s-2" }],
        models: [
          {
            name: "m",
            targets: [
              { server: "s-2", model: "tinyllama" },
              { server: "s", model: "tinyllama" },
              { server: "s", model: "tinyllama" },
              { provider: "openai", model: "gpt-4o" },
              { provider: "openai", model: "gpt-4o-mini" },
            ],
          },
        ],
      },
      { secrets: ["openaiApiKey"] },
    );
    expect(models[0]?.deployments.map(({ id }) => id)).toEqual([
      "m@s-2",
      "m@s",
      "m@s-3",
      "m@openai",
      "m@openai-2",
    ]);
  });

  it("has the mode of its first target on a server", () => {
    const { models } = parse({
      ollama: [chatAndEmbedding],
      models: [{ name: "vectors", targets: [{ server: "both", model: "bge-m3" }] }],
    });
    expect(models[0]?.mode).toBe("embedding");
  });

  it("takes `tools` from itself first, then from the served model", () => {
    const { models } = parse({
      ollama: [{ name: "s", models: [{ name: "m", tools: true }] }],
      models: [
        { name: "own", tools: false, targets: [{ server: "s", model: "m" }] },
        { name: "served", targets: [{ server: "s", model: "m" }] },
      ],
    });
    expect(models.map(({ deployments }) => deployments[0]?.tools)).toEqual([false, true]);
  });

  it("knows its secret by name only", () => {
    const { models } = parse(
      {
        models: [
          { name: "a", targets: [{ provider: "gemini", model: "gemini-pro" }] },
          {
            name: "b",
            targets: [{ provider: "openai", model: "m", apiBase: "http://x/v1", apiKey: "officeApiKey" }],
          },
          {
            name: "c",
            targets: [{ provider: "openai", model: "m", apiBase: "http://x/v1", apiKey: "none" }],
          },
        ],
      },
      { secrets: ["geminiApiKey", "officeApiKey"] },
    );
    expect(models.flatMap(({ deployments }) => deployments)).toMatchObject([
      { kind: "provider", secret: "geminiApiKey" },
      { kind: "provider", secret: "officeApiKey", apiBase: "http://x/v1" },
      { kind: "provider", secret: "none" },
    ]);
  });
});

describe("keys and teams", () => {
  it("are one key for the agent by default, limited to the declared models, with a budget and a rate limit", () => {
    const { keys, teams } = parse({});
    expect(teams).toEqual([]);
    expect(keys).toEqual([
      {
        name: "agent",
        models: ["tinyllama1", "tinyllama2", "tinyllama3", "tinyllama"],
        maxBudget: 10,
        budgetDuration: "30d",
        rpmLimit: 120,
        blocked: false,
      },
    ]);
  });

  it("may use every declared model unless they name some; a team's key may use its team's", () => {
    const { keys, teams } = parse({
      ollama: [{ name: "one" }],
      teams: [{ name: "red" }, { name: "blue", models: ["one"] }],
      keys: [{ name: "a" }, { name: "b", team: "red" }, { name: "c", models: ["tinyllama"] }],
    });
    expect(teams.map(({ models }) => models)).toEqual([["one", "tinyllama"], ["one"]]);
    expect(keys.map(({ models }) => models)).toEqual([["one", "tinyllama"], undefined, ["tinyllama"]]);
  });

  it("can be none at all", () => expect(parse({ keys: [] }).keys).toEqual([]));
});

describe("a price", () => {
  it("is that of the entry, else that of the served model", () => {
    const price = { input: 1, output: 2 };
    const { models } = parse({
      ollama: [{ name: "one", models: [{ name: "m", price }] }],
      models: [
        { name: "a", targets: [{ server: "one", model: "m" }] },
        { name: "b", price: { input: 0, output: 0 }, targets: [{ server: "one", model: "m" }] },
      ],
    });
    expect(models.map(({ deployments }) => deployments[0]?.price)).toEqual([price, { input: 0, output: 0 }]);
  });
});

describe("values that are easily written another way", () => {
  it("adds `portOffset` to every port of the host", () => {
    const config = parse({ portOffset: 1000, ollama: [{ name: "a" }, { name: "b", port: 12000 }] });
    expect([config.proxy.port, config.database.port, ...config.ollama.map(({ port }) => port)]).toEqual([
      5444, 6431, 12431, 13000,
    ]);
    expect(config).not.toHaveProperty("portOffset");
  });

  it("takes a number for `keepAlive`", () => {
    expect(parse({ ollama: [{ name: "a", keepAlive: -1 }] }).ollama[0]?.keepAlive).toBe("-1");
  });

  it("allows a stack without model servers", () => {
    expect(parse({ ollama: [] }).models).toEqual([]);
  });

  it("ignores a secret that no target uses", () => {
    expect(problemsOf({}, { secrets: ["masterKey", "saltKey", "databasePassword", "spareApiKey"] })).toEqual(
      [],
    );
  });
});
