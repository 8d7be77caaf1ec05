import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ConfigError } from "../../../config/errors.ts";
import { parseStackFile, withImages } from "../../../config/stack-file.ts";

describe("a stack file", () => {
  it("is refused when it is not YAML, or not a map", () => {
    expect(() => parseStackFile("config: {", "Pulumi.dev.yaml")).toThrow(/`Pulumi\.dev\.yaml`: .* at line 1/);
    expect(() => parseStackFile("config: 5", "Pulumi.dev.yaml")).toThrow(ConfigError);
    expect(() => parseStackFile("just words", "Pulumi.dev.yaml")).toThrow(ConfigError);
  });

  it("has a secret inside a structured value", () => {
    const { values, secretNames } = parseStackFile(
      "config: { llm-stack:models: [{ key: { secure: x } }] }",
      "f",
    );
    expect([values, [...secretNames]]).toEqual([{ "llm-stack:models": undefined }, ["llm-stack:models"]]);
  });
});

const PIN = "localhost:5000/berriai/litellm:main-v1.73.0-stable@sha256:00ff";
const pinned = (text: string) => withImages(text, [{ service: "litellm", image: PIN }], "Pulumi.dev.yaml");

describe("images are written into a stack file", () => {
  it("as a new section of one like the tracked file, all else of which stays", () => {
    const text = `# yaml-language-server: $schema=./config/schema.json
config:
  # Three model servers, each with TinyLlama. Add one by one entry.
  llm-stack:ollama:
    - name: tinyllama1
    - name: tinyllama2

    - name: 'tinyllama3' # the last
  llm-stack:geminiApiKey:
    secure: "v1:xyz"

encryptionsalt: v1:abc
`;
    const added = `  llm-stack:images:
    litellm:
      image: ${PIN}
`;
    expect(pinned(text)).toBe(text.replace("\nencryptionsalt", `${added}\nencryptionsalt`));
  });

  it("before a comment at the end of the config", () => {
    expect(pinned("config:\n  llm-stack:portOffset: 5\n  # the end\n")).toBe(
      `config:\n  llm-stack:portOffset: 5\n  llm-stack:images:\n    litellm:\n      image: ${PIN}\n  # the end\n`,
    );
  });

  it("beside what a section contains already", () => {
    const text = `config:
  llm-stack:images:
    # tested
    litellm:
      version: "1.73.0" # not newer
    source: pull
  llm-stack:portOffset: 5
`;
    expect(pinned(text)).toBe(text.replace("# not newer\n", `# not newer\n      image: ${PIN}\n`));
  });

  it("in the place of old ones, with their quotes and comments", () => {
    const text = (litellm: string, ollama: string) => `config:
  "llm-stack:images": { litellm: { image: ${litellm} }, ollama: { image: ${ollama} } } # pinned
`;
    expect(
      withImages(
        text('"a:1@sha256:00"', "b:1"),
        [
          { service: "litellm", image: PIN },
          { service: "ollama", image: "b:2" },
        ],
        "Pulumi.dev.yaml",
      ),
    ).toBe(text(`"${PIN}"`, "b:2"));
  });

  it("into a map in one line", () => {
    expect(pinned("config: { llm-stack:images: { registry: localhost:5000 } }\n")).toBe(
      `config: { llm-stack:images: { registry: localhost:5000, litellm: { image: ${PIN} } } }\n`,
    );
    expect(pinned("config:\n  llm-stack:images: {}\n")).toBe(
      `config:\n  llm-stack:images: { litellm: { image: ${PIN} } }\n`,
    );
  });

  it.each([
    ["no file", ""],
    ["a comment alone", "# mine"],
    ["a config with nothing in it", "config: # mine\n  # nothing yet\n"],
    ["an empty section", "config:\n  llm-stack:images:\n  llm-stack:portOffset: 5\n"],
    ["an empty section with a comment", "config:\n  llm-stack:images: # ours\n  llm-stack:portOffset: 5\n"],
    ["an empty value", "config:\n  llm-stack:images:\n    litellm:\n      image: # to be pinned\n"],
    ["a null", "config:\n  llm-stack:images: ~\n"],
    ["a list at the end", "config:\n  llm-stack:ollama:\n  - name: a\n    models:\n    - b # b"],
    ["a block of text at the end", "config:\n  llm-stack:note: |\n    one\n    two\n"],
    ["another section after the config", "config:\n  llm-stack:portOffset: 5\nencryptionsalt: v1:abc\n"],
    ["an anchor elsewhere", "config:\n  other:a: &one [1]\n  other:b: *one\n"],
    ["a long line", `config:\n  other:a: ${"word ".repeat(60)}# far\n`],
  ])("where there is %s", (_, text) => {
    const changed = pinned(text);
    const before = parse(text) ?? {};
    expect(parse(changed)).toEqual({
      ...before,
      config: { ...before.config, "llm-stack:images": { litellm: { image: PIN } } },
    });
    for (const comment of text.match(/#.*/g) ?? []) expect(changed).toContain(comment);
  });

  it("with layout that becomes the library's", () => {
    expect(pinned("config:\n  llm-stack:ollama:   # ours\n  - {name: 'a', models: [b]}\n")).toBe(
      `config:
  llm-stack:ollama:
    # ours
    - { name: 'a', models: [ b ] }
  llm-stack:images:
    litellm:
      image: ${PIN}
`,
    );
  });

  it("with the file's own line breaks", () => {
    expect(pinned("config:\r\n  # ours\r\n  llm-stack:portOffset: 5 # five\r\n")).toBe(
      `config:\r\n  # ours\r\n  llm-stack:portOffset: 5 # five\r\n  llm-stack:images:\r\n    litellm:\r\n      image: ${PIN}\r\n`,
    );
  });

  it("the second time without any change", () => {
    const once = pinned("config:\n  llm-stack:portOffset: 5\n");
    expect(pinned(once)).toBe(once);
  });

  it("and refused where that would change other places too", () => {
    const text = "config:\n  llm-stack:images: &ours { litellm: { version: '1.0' } }\n  other:a: *ours\n";
    expect(() => pinned(text)).toThrowErrorMatchingInlineSnapshot(`
      [UserError: \`config.llm-stack:images\` in \`Pulumi.dev.yaml\`: cannot be set without changing something else; write it by hand:
      config:
        llm-stack:images:
          litellm:
            image: localhost:5000/berriai/litellm:main-v1.73.0-stable@sha256:00ff]
    `);
  });

  it.each([
    ["an alias", "config:\n  other:a: &one { version: '1.0' }\n  llm-stack:images: { litellm: *one }\n"],
    ["a list", "config:\n  llm-stack:images: [a]\n"],
    ["text", "config:\n  llm-stack:images: mine\n"],
  ])("and refused where %s is in the way", (_, text) => {
    expect(() => pinned(text)).toThrow("cannot be set without changing something else; write it by hand");
  });
});
