import { describe, expect, it } from "vitest";
import { parse, problemsOf, type Surroundings } from "../../support/stack-config.ts";

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

it.each<[string, Record<string, unknown>, string, Surroundings?]>([
  [
    "a secret in plain text",
    { geminiApiKey: "x" },
    "`geminiApiKey`: is a secret, but is set in plain text; remove it, then `pulumi config set --secret llm-stack:geminiApiKey`",
  ],
  [
    "a section that contains a secret",
    {},
    "`models`: is set as a secret or contains one; write it in plain text, and its keys as secrets of their own, such as `geminiApiKey`",
    { secrets: ["models"] },
  ],
  [
    "a mistyped secret",
    {},
    "`masterKeys`: unknown secret; did you mean `masterKey`? (the name of a provider's key ends in `ApiKey`)",
    { secrets: ["masterKeys"] },
  ],
  ["a mistyped section", { proxi: {} }, "`proxi`: unknown key; did you mean `proxy`?"],
  [
    "a mistyped secret in plain text",
    { masterKye: "x" },
    "`masterKye`: unknown key; did you mean `masterKey`?",
  ],
])("a key that does not fit is told with its place and how to fix it: %s", (_, raw, problem, surroundings) => {
  expect(problemsOf(raw, surroundings)).toContain(problem);
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
