import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEMA_PATH, stackFileSchema } from "../../../config/json-schema.ts";
import { stackConfigSchema } from "../../../config/schema/stack.ts";
import { SECRET_NAMES } from "../../../config/secrets.ts";

const { properties, patternProperties } = JSON.parse(stackFileSchema()).properties.config;

describe("the JSON Schema of a stack file", () => {
  it("is the one that is kept in `config/schema.json` (else run `npm run schema`)", () => {
    expect(JSON.parse(readFileSync(SCHEMA_PATH, "utf8"))).toEqual(JSON.parse(stackFileSchema()));
  });

  it("knows every section and every secret", () => {
    const names = [...Object.keys(stackConfigSchema.shape), ...SECRET_NAMES];
    expect(Object.keys(properties)).toEqual(names.map((name) => `llm-stack:${name}`));
  });

  it("keeps descriptions and defaults", () => {
    expect(properties["llm-stack:proxy"].properties.port).toMatchObject({
      default: 4444,
      description: "Port of the OpenAI-compatible API on the host.",
    });
  });

  it("refuses unknown keys, but leaves other namespaces alone", () => {
    expect(properties["llm-stack:proxy"].additionalProperties).toBe(false);
    const patterns = Object.keys(patternProperties).map((pattern) => new RegExp(pattern));
    const allowed = (key: string) => patterns.some((pattern) => pattern.test(key));
    expect(["docker:host", "llm-stack:officeApiKey", "llm-stack:proxi"].map(allowed)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
