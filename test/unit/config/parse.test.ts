import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../config/errors.ts";
import { parseStackConfig } from "../../../config/parse.ts";

interface Machine {
  secrets?: string[];
  /** Absolute paths of the files that are there. Default: every file is. */
  files?: string[];
}

function parse(raw: Record<string, unknown>, { secrets = [], files }: Machine = {}) {
  return parseStackConfig(raw, new Set(secrets), {
    root: "/project",
    fileExists: (path) => files?.includes(path) ?? true,
  });
}

function problemsOf(raw: Record<string, unknown>, machine?: Machine): readonly string[] {
  try {
    parse(raw, machine);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

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

  it("are refused when a model is for chat on one server and for embedding on another", () => {
    expect(
      problemsOf({
        ollama: [{ name: "a" }, { name: "b", models: [{ name: "tinyllama", mode: "embedding" }] }],
      }),
    ).toEqual([
      "`ollama[1].models[0].mode`: `tinyllama` is for embedding here, but for chat at `ollama[0].models[0].mode`",
    ]);
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

it("reports all problems together, of single values and of several places", () => {
  let message = "";
  try {
    parse({
      proxy: { memory: "1g" },
      ollama: [{ name: "a", memroy: "4g" }, { name: "b" }],
      models: [
        { name: "m", targets: [{ server: "a", model: "tinyllama" }] },
        { name: "n", targets: [{ server: "c", model: "tinyllama" }] },
      ],
    });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatchInlineSnapshot(`
    "The config has 3 problems:
      - \`proxy.memory\`: must be at least \`1500m\`: LiteLLM is killed at its start with 1 GiB
      - \`ollama[0].memroy\`: unknown key; did you mean \`memory\`?
      - \`models[1].targets[0].server\`: no Ollama server \`c\`; there are \`a\`, \`b\`"
  `);
});

it("says it in the singular for one problem", () => {
  expect(() => parse({ proxi: {} })).toThrowErrorMatchingInlineSnapshot(`
    [ConfigError: The config has a problem:
      - \`proxi\`: unknown key; did you mean \`proxy\`?]
  `);
});

describe("each problem names its place and the way out", () => {
  const gguf = { ollama: [{ name: "a", models: [{ name: "m", gguf: "m.gguf" }] }] };
  const target = (value: unknown) => ({ ollama: [{ name: "a" }], models: [{ name: "m", targets: [value] }] });
  const fallbacks = (...list: unknown[]) => ({ ollama: [{ name: "a" }], routing: { fallbacks: list } });
  const cases: [string, Record<string, unknown>, string, Machine?][] = [
    ["a mistyped section", { proxi: {} }, "`proxi`: unknown key; did you mean `proxy`?"],
    [
      "a mistyped secret in plain text",
      { masterKye: "x" },
      "`masterKye`: unknown key; did you mean `masterKey`?",
    ],
    [
      "a key like no other",
      { proxy: { colour: 1 } },
      "`proxy.colour`: unknown key; known: `port`, `memory`, `requestTimeoutSeconds`",
    ],
    [
      "a mistyped key of a list's entry",
      { ollama: [{ name: "a", memroy: "1g" }] },
      "`ollama[0].memroy`: unknown key; did you mean `memory`?",
    ],
    [
      "an odd key",
      { images: { "a b": 1 } },
      '`images["a b"]`: unknown key; known: `source`, `registry`, `litellm`, `postgres`, `ollama`',
    ],
    [
      "a mistyped key of a served model",
      { ollama: [{ name: "a", models: [{ name: "m", mod: "chat" }] }] },
      "`ollama[0].models[0].mod`: unknown key; did you mean `mode`?",
    ],
    [
      "a served model of the wrong type",
      { ollama: [{ name: "a", models: [5] }] },
      "`ollama[0].models[0]`: must be text, or a map with `name`",
    ],
    [
      "a bad model name",
      { ollama: [{ name: "a", models: ["a b"] }] },
      "`ollama[0].models[0]`: must be a model name such as `tinyllama` or `bge-m3:567m`",
    ],
    [
      "a target that is neither kind",
      target({ model: "x" }),
      "`models[0].targets[0]`: must be a map with `server` and `model`, or a map with `provider` and `model`",
    ],
    [
      "a target that is both kinds",
      target({ server: "a", provider: "openai", model: "x" }),
      "`models[0].targets[0]`: must be a map with `server` and `model`, or a map with `provider` and `model`",
    ],
    [
      "a mistyped provider",
      target({ provider: "openia", model: "x" }),
      "`models[0].targets[0].provider`: must be one of `openai`, `gemini`, `anthropic`; did you mean `openai`?",
    ],
    ["a target without its model", target({ server: "a" }), "`models[0].targets[0].model`: is missing"],
    ["a number as text", { database: { port: "x" } }, "`database.port`: must be a number, not text"],
    [
      "an unquoted version",
      { images: { postgres: { version: 16.1 } } },
      "`images.postgres.version`: must be text, not `16.1`; put it in quotes",
    ],
    ["a list as a map", { models: {} }, "`models`: must be a list, not a map"],
    ["a map as a list", { proxy: [] }, "`proxy`: must be a map, not a list"],
    ["an empty section", { ollama: null }, "`ollama`: must be a list, not empty"],
    ["a value below its range", { routing: { retries: -1 } }, "`routing.retries`: must be at least 0"],
    ["a value above its range", { proxy: { port: 70000 } }, "`proxy.port`: must be at most 65535"],
    [
      "no targets",
      { models: [{ name: "m", targets: [] }] },
      "`models[0].targets`: must have at least one entry",
    ],
    [
      "a wrong word",
      { routing: { strategy: "random" } },
      "`routing.strategy`: must be one of `simple-shuffle`, `least-busy`, `latency-based-routing`, `usage-based-routing-v2`",
    ],
    [
      "a bad container name",
      { ollama: [{ name: "-a" }] },
      "`ollama[0].name`: must start with a letter or digit, then letters, digits, `_`, `.` or `-`",
    ],
    [
      "a host name as bind address",
      { network: { bind: "localhost" } },
      "`network.bind`: must be an address of this host, such as `127.0.0.1` or `0.0.0.0`",
    ],
    [
      "an address without http",
      target({ provider: "openai", model: "m", apiBase: "ftp://x" }),
      "`models[0].targets[0].apiBase`: must be an address such as `http://models.example:8000/v1`",
    ],
    ["a GPU named twice", { ollama: [{ name: "a", gpu: [0, 0] }] }, "`ollama[0].gpu`: names a device twice"],
    [
      "a wrong GPU",
      { ollama: [{ name: "a", gpu: "one" }] },
      "`ollama[0].gpu`: must be `all`, or a list of device indexes such as `[0, 1]`",
    ],
    [
      "a wrong time",
      { ollama: [{ name: "a", keepAlive: "soon" }] },
      "`ollama[0].keepAlive`: must be `-1` (for ever), seconds, or a time such as `10m` or `1h30m`",
    ],
    [
      "a memory size without its unit",
      { database: { memory: 512 } },
      "`database.memory`: must be a whole number of MiB or GiB, such as `512m` or `4g`",
    ],
    [
      "too little memory for the proxy",
      { proxy: { memory: "1g" } },
      "`proxy.memory`: must be at least `1500m`: LiteLLM is killed at its start with 1 GiB",
    ],
    ["memory that no machine has", { proxy: { memory: "9999g" } }, "`proxy.memory`: must be at most `4096g`"],
    [
      "a bad image reference",
      { images: { litellm: { image: "Bad Image" } } },
      "`images.litellm.image`: must be an image reference such as `ghcr.io/berriai/litellm:main-v1.73.0-stable`",
    ],
    [
      "a server's name that is taken, whatever its case",
      { ollama: [{ name: "a" }, { name: "A" }] },
      "`ollama[1].name`: the name `A` is taken by `ollama[0].name`; choose another",
    ],
    [
      "the proxy's name",
      { ollama: [{ name: "litellm" }] },
      "`ollama[0].name`: `litellm` is the proxy's container; choose another",
    ],
    [
      "the database's name",
      { ollama: [{ name: "litellm_db" }] },
      "`ollama[0].name`: `litellm_db` is the database's container; choose another",
    ],
    [
      "the database's host name",
      { ollama: [{ name: "db" }] },
      "`ollama[0].name`: `db` is the database's host name; choose another",
    ],
    [
      "the database's volume",
      { ollama: [{ name: "litellm_postgres" }] },
      "`ollama[0].name`: `litellm_postgres` is the database's volume, `litellm_postgres_data`; choose another",
    ],
    [
      "a model served twice",
      { ollama: [{ name: "a", models: ["m", "m:latest"] }] },
      "`ollama[0].models[1].name`: the name `m:latest` is taken by `ollama[0].models[0].name`; choose another",
    ],
    [
      "two things on one port of the host",
      { database: { port: 11432 }, ollama: [{ name: "a" }, { name: "b" }] },
      "`ollama[1].port`: port 11432 of the host is taken by `database.port`; set another",
    ],
    [
      "a port beyond the last",
      { portOffset: 50000, proxy: { port: 20000 } },
      "`proxy.port`: with `portOffset` it is 70000, beyond the last port 65535; lower one of the two",
    ],
    [
      "an unknown server",
      target({ server: "b", model: "tinyllama" }),
      "`models[0].targets[0].server`: no Ollama server `b`; there are `a`",
    ],
    [
      "a server where there is none",
      { ...target({ server: "b", model: "tinyllama" }), ollama: [] },
      "`models[0].targets[0].server`: no Ollama server `b`; there is none",
    ],
    [
      "a model that the server does not serve",
      target({ server: "a", model: "llama3" }),
      "`models[0].targets[0].model`: `a` does not serve `llama3`; it serves `tinyllama`. Add it to `ollama[0].models`",
    ],
    [
      "a name with chat and embedding targets",
      {
        ollama: [chatAndEmbedding],
        models: [
          {
            name: "m",
            targets: [
              { server: "both", model: "smollm2" },
              { server: "both", model: "bge-m3" },
            ],
          },
        ],
      },
      "`models[0].targets[1].model`: `bge-m3` is for embedding, but `m` is for chat; one name has one mode",
    ],
    [
      "a name whose mode is not its target's",
      {
        ollama: [chatAndEmbedding],
        models: [{ name: "m", mode: "embedding", targets: [{ server: "both", model: "smollm2" }] }],
      },
      "`models[0].targets[0].model`: `smollm2` is for chat, but `m` is for embedding; one name has one mode",
    ],
    [
      "a model's name that is taken",
      {
        ollama: [{ name: "a" }],
        models: [
          { name: "m", targets: [{ server: "a", model: "tinyllama" }] },
          { name: "m", targets: [{ server: "a", model: "tinyllama" }] },
        ],
      },
      "`models[1].name`: the name `m` is taken by `models[0].name`; choose another",
    ],
    [
      "a provider without its secret",
      target({ provider: "gemini", model: "gemini-pro" }),
      "`models[0].targets[0]`: its secret is not set: `pulumi config set --secret llm-stack:geminiApiKey`",
    ],
    [
      "a server of one's own without its secret",
      target({ provider: "openai", model: "m", apiBase: "http://x/v1" }),
      "`models[0].targets[0]`: its secret is not set: `pulumi config set --secret llm-stack:openaiApiKey`, or `apiKey: none` if the server at `apiBase` needs no key",
    ],
    [
      "a provider that is to need no key",
      target({ provider: "openai", model: "m", apiKey: "none" }),
      "`models[0].targets[0].apiKey`: `openai` needs a key; `none` is for a server at `apiBase`",
    ],
    [
      "a secret in plain text",
      { geminiApiKey: "x" },
      "`geminiApiKey`: is a secret, but stands in plain text; remove it, then `pulumi config set --secret llm-stack:geminiApiKey`",
    ],
    [
      "a section that holds a secret",
      {},
      "`models`: is set as a secret or holds one; write it in plain text, and its keys as secrets of their own, such as `geminiApiKey`",
      { secrets: ["models"] },
    ],
    [
      "a mistyped secret",
      {},
      "`masterKeys`: unknown secret; did you mean `masterKey`? (the name of a provider's key ends in `ApiKey`)",
      { secrets: ["masterKeys"] },
    ],
    [
      "a fallback of an unknown model",
      fallbacks({ model: "tinylama", to: ["a"] }),
      "`routing.fallbacks[0].model`: no model `tinylama`; did you mean `tinyllama`?",
    ],
    [
      "a fallback to an unknown model",
      fallbacks({ model: "tinyllama", to: ["zephyr"] }),
      "`routing.fallbacks[0].to[0]`: no model `zephyr`; known: `a`, `tinyllama`",
    ],
    [
      "a fallback to itself",
      fallbacks({ model: "a", to: ["a"] }),
      "`routing.fallbacks[0].to[0]`: a model cannot stand in for itself; remove it",
    ],
    [
      "two lists of fallbacks for one model",
      fallbacks({ model: "a", to: ["tinyllama"] }, { model: "a", to: ["tinyllama"] }),
      "`routing.fallbacks[1].model`: the name `a` is taken by `routing.fallbacks[0].model`; choose another",
    ],
    [
      "a fallback from chat to embedding",
      { ollama: [chatAndEmbedding], routing: { fallbacks: [{ model: "smollm2", to: ["bge-m3"] }] } },
      "`routing.fallbacks[0].to[0]`: `bge-m3` is for embedding, but `smollm2` is for chat",
    ],
    [
      "a mirror with an image of its own",
      { images: { registry: "mirror.example", ollama: { image: "ollama/ollama:0.17.1" } } },
      "`images.ollama.image`: is used as it is, so that `images.registry` does not apply; write the mirror into it and remove the other",
    ],
    [
      "a mirror where everything is built",
      { images: { registry: "mirror.example", source: "build" } },
      "`images.registry`: nothing is pulled with `images.source: build`; remove one of the two",
    ],
    [
      "an image where everything is built",
      { images: { source: "build", ollama: { image: "ollama/ollama:0.17.1" } } },
      "`images.ollama.image`: nothing is pulled with `images.source: build`; remove one of the two",
    ],
    [
      "another major version of PostgreSQL",
      { images: { postgres: { version: "17.1" } } },
      "`images.postgres.version`: PostgreSQL 17 cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release",
    ],
    [
      "an image of another major version of PostgreSQL",
      { images: { postgres: { image: "mirror.example:5000/library/postgres:15-alpine" } } },
      "`images.postgres.image`: PostgreSQL 15 cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release",
    ],
    [
      "a GGUF file that is not there",
      gguf,
      "`ollama[0].models[0].gguf`: there is no file `m.gguf` (a relative path starts at the project's folder)",
      { files: ["/m.gguf"] },
    ],
    [
      "a CA bundle that is not there",
      { network: { caBundle: "/etc/ca.pem" } },
      "`network.caBundle`: there is no file `/etc/ca.pem` (a relative path starts at the project's folder)",
      { files: ["/project/etc/ca.pem"] },
    ],
  ];

  it.each(cases)("%s", (_, raw, problem, machine) => {
    expect(problemsOf(raw, machine)).toContain(problem);
  });

  it("and finds files from the project's folder on", () => {
    expect(problemsOf(gguf, { files: ["/project/m.gguf"] })).toEqual([]);
  });
});

describe("keys and teams that do not fit", () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      "a model that does not exist",
      { keys: [{ name: "k", models: ["tinylama"] }] },
      "`keys[0].models[0]`: no model `tinylama`; did you mean `tinyllama`?",
    ],
    [
      "a team's model that does not exist",
      { teams: [{ name: "t", models: ["nope"] }] },
      "`teams[0].models[0]`: no model `nope`; known: `tinyllama1`, `tinyllama2`, `tinyllama3`, `tinyllama`",
    ],
    [
      "a team that does not exist",
      { teams: [{ name: "red" }], keys: [{ name: "k", team: "rad" }] },
      "`keys[0].team`: no team `rad`; did you mean `red`?",
    ],
    [
      "a model that the team may not use",
      {
        teams: [{ name: "red", models: ["tinyllama"] }],
        keys: [{ name: "k", team: "red", models: ["tinyllama1"] }],
      },
      "`keys[0].models[0]`: its team `red` may not use `tinyllama1`",
    ],
    [
      "a name that is taken",
      { keys: [{ name: "k" }, { name: "k" }] },
      "`keys[1].name`: the name `k` is taken by `keys[0].name`; choose another",
    ],
    [
      "a value that is not set",
      { keys: [{ name: "k", value: "mineApiKey" }] },
      "`keys[0].value`: is not set: `pulumi config set --secret llm-stack:mineApiKey`",
    ],
    [
      "a bad time",
      { keys: [{ name: "k", duration: "soon" }] },
      "`keys[0].duration`: must be a number and a unit (`s`, `m`, `h`, `d`, `w`, `mo`), such as `30d`",
    ],
    [
      "an unknown setting",
      { keys: [{ name: "k", maxBudjet: 1 }] },
      "`keys[0].maxBudjet`: unknown key; did you mean `maxBudget`?",
    ],
    [
      "a negative price",
      {
        models: [
          {
            name: "m",
            targets: [{ provider: "openai", model: "m", apiKey: "none", apiBase: "http://a/v1" }],
            price: { input: -1, output: 0 },
          },
        ],
      },
      "`models[0].price.input`: must be at least 0",
    ],
  ])("%s", (_, raw, problem) => {
    expect(problemsOf(raw)).toContain(problem);
  });
});

describe("one problem brings no others with it", () => {
  it("a server that cannot be read is still known to its models", () => {
    expect(
      problemsOf({
        ollama: [{ name: "a", memroy: "1g" }],
        models: [{ name: "m", targets: [{ server: "a", model: "llama3" }] }],
        routing: { fallbacks: [{ model: "m", to: ["m2"] }] },
      }),
    ).toEqual([
      "`ollama[0].memroy`: unknown key; did you mean `memory`?",
      "`routing.fallbacks[0].to[0]`: no model `m2`; known: `m`",
    ]);
  });

  it("fallbacks are left alone while the names are not all known", () => {
    const routing = { fallbacks: [{ model: "m", to: ["n"] }] };
    expect(problemsOf({ ollama: [{ name: "a", memroy: "1g" }], routing })).toHaveLength(1);
    expect(problemsOf({ models: [{ targets: 1 }], routing })).toEqual([
      "`models[0].name`: is missing",
      "`models[0].targets`: must be a list, not `1`",
    ]);
  });

  it("a section set as a secret is checked no further", () => {
    expect(problemsOf({ ollama: "x" }, { secrets: ["ollama"] })).toHaveLength(1);
  });
});

describe("image references", () => {
  it.each([
    "postgres",
    "postgres:16.14-bookworm",
    "ghcr.io/berriai/litellm:main-v1.73.0-stable",
    "mirror.example:5000/library/postgres:16",
    "ollama/ollama@sha256:".padEnd("ollama/ollama@sha256:".length + 64, "0"),
  ])("accepts `%s`", (image) => expect(problemsOf({ images: { litellm: { image } } })).toEqual([]));

  it("takes no digest for the major version of PostgreSQL", () => {
    const image = `localhost:5000/postgres@sha256:${"9".repeat(64)}`;
    expect(problemsOf({ images: { postgres: { image } } })).toEqual([]);
  });

  it("lets an image be pinned on the mirror that the config names", () => {
    const image = `mirror.example:5000/ollama/ollama:0.17.1@sha256:${"9".repeat(64)}`;
    expect(problemsOf({ images: { registry: "mirror.example:5000", ollama: { image } } })).toEqual([]);
  });

  it.each([
    "",
    "Postgres",
    "a//b",
    "a:",
    "a:b:c",
    "https://a/b",
    "a@sha256:0",
    "a b",
  ])("refuses `%s`", (image) => expect(problemsOf({ images: { litellm: { image } } })).toHaveLength(1));
});

describe("MCP servers of the agent", () => {
  const servers = (...mcpServers: unknown[]) => ({ agent: { mcpServers } });

  it("are none by default", () => expect(parse({}).agent).toEqual({ mcpServers: [] }));

  it("are programs or addresses", () => {
    const { agent } = parse(
      servers(
        { name: "files", command: "npx", args: ["-y", "server"], env: ["FILES_TOKEN"] },
        { name: "office", url: "https://tools.example/mcp", headers: { Authorization: "OFFICE_LOGIN" } },
        { name: "plain", url: "http://127.0.0.1:8000/mcp" },
      ),
    );
    expect(agent.mcpServers).toEqual([
      { name: "files", command: "npx", args: ["-y", "server"], env: ["FILES_TOKEN"] },
      { name: "office", url: "https://tools.example/mcp", headers: { Authorization: "OFFICE_LOGIN" } },
      { name: "plain", url: "http://127.0.0.1:8000/mcp", headers: {} },
    ]);
  });

  it("have names of their own, even where another entry cannot be read", () => {
    const taken =
      "`agent.mcpServers[1].name`: the name `a` is taken by `agent.mcpServers[0].name`; choose another";
    expect(problemsOf(servers({ name: "a", command: "x" }, { name: "a", command: "y" }))).toEqual([taken]);
    expect(problemsOf(servers({ name: "a", command: "x" }, { name: "a", command: "" }))).toEqual([
      "`agent.mcpServers[1].command`: must be a program",
      taken,
    ]);
  });

  it.each([
    [
      { name: "a__b", command: "x" },
      "`agent.mcpServers[0].name`: must be letters and digits, with single `_` or `-` between them, at most 30",
    ],
    [
      { name: "a", url: "ftp://tools.example" },
      "`agent.mcpServers[0].url`: must be an address such as `https://tools.example/mcp`",
    ],
    [
      { name: "a", url: "https://me:hidden@tools.example" },
      "`agent.mcpServers[0].url`: must not hold a login; put it into an environment variable and name that under `headers`",
    ],
    [
      { name: "a", command: "x", env: ["TOKEN=hidden"] },
      "`agent.mcpServers[0].env[0]`: must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
    ],
    [
      { name: "a", url: "https://tools.example", headers: { "X-Key": "Bearer hidden" } },
      "`agent.mcpServers[0].headers.X-Key`: must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
    ],
    [
      { name: "a", url: "https://tools.example", headers: { "X Key": "KEY" } },
      '`agent.mcpServers[0].headers["X Key"]`: must be the name of a header',
    ],
    [
      { name: "a" },
      "`agent.mcpServers[0]`: must be a map with `name` and `command`, or a map with `name` and `url`",
    ],
    [{ name: "a", command: "x", arg: ["y"] }, "`agent.mcpServers[0].arg`: unknown key; did you mean `args`?"],
  ])("are refused with their place: %j", (server, problem) => {
    const problems = problemsOf(servers(server));
    expect(problems).toEqual([problem]);
    expect(problems.join()).not.toContain("hidden");
  });
});
