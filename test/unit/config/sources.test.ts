import { describe, expect, it } from "vitest";
import { UserError } from "../../../config/errors.ts";
import { mergeSources, resolveSources } from "../../../config/sources.ts";

const none = new Set<string>();

describe("the tracked file and Pulumi's own config become one", () => {
  const tracked = `
config:
  llm-stack:portOffset: 100
  llm-stack:proxy:
    port: 8080
    memory: 8g
  docker:host: ssh://elsewhere
`;

  it("reads the tracked file, and leaves other namespaces to others", () => {
    expect(mergeSources(tracked, {}, none).raw).toEqual({
      portOffset: 100,
      proxy: { port: 8080, memory: "8g" },
    });
  });

  it("lets Pulumi's own config win section by section", () => {
    expect(
      mergeSources(tracked, { "llm-stack:proxy": '{"port":9090}', "aws:region": "x" }, none).raw,
    ).toEqual({
      portOffset: 100,
      proxy: { port: 9090 },
    });
  });

  it("takes numbers that Pulumi hands over as text", () => {
    expect(mergeSources(undefined, { "llm-stack:portOffset": "200" }, none).raw).toEqual({ portOffset: 200 });
  });

  it("keeps a name that looks like a number", () => {
    expect(mergeSources("config: { llm-stack:namePrefix: 5 }", {}, none).raw).toEqual({ namePrefix: "5" });
  });

  it("takes an empty name for no name", () => {
    expect(mergeSources("config: { llm-stack:namePrefix: }", {}, none).raw).toEqual({ namePrefix: null });
  });

  it("keeps a plain word", () => {
    expect(mergeSources(undefined, { "llm-stack:ollama": "auto" }, none).raw).toEqual({ ollama: "auto" });
  });

  it("knows secrets by name only", () => {
    const { raw, secrets } = mergeSources(
      "config: { llm-stack:masterKey: in plain text }",
      { "llm-stack:masterKey": "sk-secret" },
      new Set(["llm-stack:masterKey"]),
    );
    expect([raw, [...secrets]]).toEqual([{}, ["masterKey"]]);
  });

  it.each([undefined, "", "config:", "encryptionsalt: v1:abc"])("takes nothing from `%s`", (text) => {
    expect(mergeSources(text, {}, none)).toEqual({ raw: {}, secrets: none, problems: [] });
  });
});

describe("problems of the tracked file", () => {
  it("an encrypted value that Pulumi cannot decrypt", () => {
    const text = "config: { llm-stack:geminiApiKey: { secure: v1:abc } }";
    expect(mergeSources(text, {}, none, "Pulumi.dev.yaml").problems).toEqual([
      "`llm-stack:geminiApiKey` in `Pulumi.dev.yaml`: an encrypted value there cannot be read, as its key is in another file; remove it, then `pulumi config set --secret llm-stack:geminiApiKey`",
    ]);
    const key = "llm-stack:geminiApiKey";
    expect(mergeSources(text, { [key]: "x" }, new Set([key])).problems).toEqual([]);
  });

  it("a key without its namespace", () => {
    expect(mergeSources("config: { proxy: {} }", {}, none).problems).toEqual([
      "`proxy` in `Pulumi.<stack>.yaml`: a key needs its namespace; write `llm-stack:proxy`",
    ]);
  });

  it("a mistyped namespace", () => {
    expect(mergeSources("config: { llmstack:proxy: {} }", {}, none).problems).toEqual([
      "`llmstack:proxy` in `Pulumi.<stack>.yaml`: unknown namespace; did you mean `llm-stack:proxy`?",
    ]);
  });
});

describe("the joined config", () => {
  const context = { root: "/", fileExists: () => true };

  it("is checked", () => {
    expect(resolveSources(mergeSources(undefined, {}, none), context).proxy.port).toBe(4444);
  });

  it("reports the problems of the sources, the values and the secrets together", () => {
    const sources = mergeSources("config: { proxy: {}, llm-stack:proxi: {} }", {}, none);
    const resolve = () => resolveSources(sources, context, ["`masterKey`: is empty"]);
    expect(resolve).toThrow(UserError);
    expect(resolve).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: The config has 3 problems:
        - \`proxy\` in \`Pulumi.<stack>.yaml\`: a key needs its namespace; write \`llm-stack:proxy\`
        - \`proxi\`: unknown key; did you mean \`proxy\`?
        - \`masterKey\`: is empty]
    `);
  });
});
