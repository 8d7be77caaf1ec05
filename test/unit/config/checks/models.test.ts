import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

const chatAndEmbedding = {
  name: "both",
  models: ["smollm2", { name: "bge-m3", mode: "embedding" }],
};

const target = (value: unknown) => ({ ollama: [{ name: "a" }], models: [{ name: "m", targets: [value] }] });
const fallbacks = (...list: unknown[]) => ({ ollama: [{ name: "a" }], routing: { fallbacks: list } });

it.each<[string, Record<string, unknown>, string]>([
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
])("a problem is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});

it("derived names are refused when a model is for chat on one server and for embedding on another", () => {
  expect(
    problemsOf({
      ollama: [{ name: "a" }, { name: "b", models: [{ name: "tinyllama", mode: "embedding" }] }],
    }),
  ).toEqual([
    "`ollama[1].models[0].mode`: `tinyllama` is for embedding here, but for chat at `ollama[0].models[0].mode`",
  ]);
});

describe("secrets of providers", () => {
  const openai = (apiKey: string) => ({ provider: "openai", model: "x", apiKey });
  const secrets = ["openAIApiKey", "openAiApiKey", "openaiApiKey"];
  const problems = (...models: unknown[]) => problemsOf({ models }, { secrets });

  it("become an environment variable each", () => {
    expect(
      problems(
        { name: "a", targets: [openai("openAIApiKey"), openai("openaiApiKey")] },
        { name: "b", targets: [openai("openaiApiKey"), openai("openAiApiKey")] },
      ),
    ).toEqual([
      "`models[1].targets[1].apiKey`: `openAiApiKey` becomes the proxy's environment variable `OPEN_AI_API_KEY`, which `openAIApiKey` of `models[0].targets[0].apiKey` is already; rename one of the two secrets",
    ]);
  });

  it("may be alike where LiteLLM keeps one with its model, in the database", () => {
    expect(
      problems(
        { name: "a", targets: [openai("openAIApiKey")] },
        { name: "b", store: "database", targets: [openai("openAiApiKey")] },
      ),
    ).toEqual([]);
  });
});

it("a model's name is not the id of another's deployment", () => {
  const targets = [{ server: "a", model: "tinyllama" }];
  const models = [
    { name: "m", targets: [...targets, ...targets] },
    { name: "m@a", targets },
    { name: "m@a-2", targets },
    { name: "m@b", targets },
  ];
  expect(problemsOf({ ollama: [{ name: "a" }], models })).toEqual([
    "`models[1].name`: `m@a` is LiteLLM's id of a deployment of `m`; choose another",
    "`models[2].name`: `m@a-2` is LiteLLM's id of a deployment of `m`; choose another",
  ]);
});
