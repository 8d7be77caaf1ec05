import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withValue } from "../../../config/edit.ts";

const PIN = "localhost:5000/berriai/litellm:main-v1.73.0-stable@sha256:00ff";
const path = ["config", "llm-stack:images", "litellm", "image"];
const pinned = (text: string) => withValue(text, path, PIN, "Pulumi.dev.yaml");

describe("a value is written into a stack file", () => {
  it("as a new section, and leaves layout, comments and secrets as they are", () => {
    const text = `# yaml-language-server: $schema=./config/schema.json
encryptionsalt: v1:abc
config:

  # Three servers.
  llm-stack:ollama:
    - name: tinyllama1   # first
    - {name: 'tinyllama2', models: [tinyllama]}
  llm-stack:geminiApiKey:
    secure: "v1:xyz"   # kept
  # the end
`;
    const changed = pinned(text);
    const added = `  llm-stack:images:
    litellm:
      image: ${PIN}
`;
    expect(changed).toBe(text.replace("  # the end\n", `${added}  # the end\n`));
  });

  it("beside what a section holds already", () => {
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

  it("in the place of the old one, with the comment beside it", () => {
    const text = (image: string) => `config:
  "llm-stack:images": { litellm: { image: ${image} } } # pinned
`;
    expect(pinned(text('"a:1@sha256:00"'))).toBe(text(PIN));
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
    ["an empty value", "config:\n  llm-stack:images:\n    litellm:\n      image: # to be pinned\n"],
    ["a null", "config:\n  llm-stack:images: ~\n"],
    ["a list at the end", "config:\n  llm-stack:ollama:\n  - name: a\n    models:\n    - b # b"],
    ["a block of text at the end", "config:\n  llm-stack:note: |\n    one\n    two\n"],
    ["another section after the config", "config:\n  llm-stack:portOffset: 5\nencryptionsalt: v1:abc\n"],
  ])("where there is %s", (_, text) => {
    const changed = pinned(text);
    const before = parse(text) ?? {};
    expect(parse(changed)).toEqual({
      ...before,
      config: { ...before.config, "llm-stack:images": { litellm: { image: PIN } } },
    });
    for (const comment of text.match(/#.*/g) ?? []) expect(changed).toContain(comment);
  });

  it("with the file's own line breaks", () => {
    const changed = pinned("config:\r\n  llm-stack:portOffset: 5\r\n");
    expect(changed.replaceAll("\r\n", "")).not.toContain("\n");
    expect(parse(changed).config["llm-stack:images"]).toEqual({ litellm: { image: PIN } });
  });

  it("the second time without any change", () => {
    const once = pinned("config:\n  llm-stack:portOffset: 5\n");
    expect(pinned(once)).toBe(once);
  });

  it("and refused where that would change other places too", () => {
    const text = "config:\n  other:a: &one { version: '1.0' }\n  llm-stack:images: { litellm: *one }\n";
    expect(() => pinned(text)).toThrowErrorMatchingInlineSnapshot(`
      [UserError: \`config.llm-stack:images.litellm.image\` in \`Pulumi.dev.yaml\`: cannot be set without writing other lines anew; write it by hand:
      config:
        llm-stack:images:
          litellm:
            image: localhost:5000/berriai/litellm:main-v1.73.0-stable@sha256:00ff]
    `);
  });
});
