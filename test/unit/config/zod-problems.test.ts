import { expect, it } from "vitest";
import { problemsOf } from "../../support/stack-config.ts";

const target = (value: unknown) => ({ ollama: [{ name: "a" }], models: [{ name: "m", targets: [value] }] });

it.each<[string, Record<string, unknown>, string]>([
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
  ...["127.0.0.01", "127.1", "::ffff:127.0.0.1", "fe80::1%eth0", "127.0.0.1 "].map(
    (bind) =>
      [
        `a bind address that Docker reads otherwise (${bind})`,
        { network: { bind } },
        "`network.bind`: must be an address of this host, such as `127.0.0.1` or `0.0.0.0`",
      ] as [string, Record<string, unknown>, string],
  ),
  [
    "a URL without http",
    target({ provider: "openai", model: "m", apiBase: "ftp://x" }),
    "`models[0].targets[0].apiBase`: must be a URL such as `http://models.example:8000/v1`",
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
])("a value that does not fit is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});
