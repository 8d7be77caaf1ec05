import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rules } from "../../../policies/rules/index.ts";

const files = (folder: string, ending: string) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith(ending) && file !== `index${ending}`)
    .map((file) => file.slice(0, -ending.length))
    .sort();
const names = rules.map(({ name }) => name).sort();

it("each rule is one file of its name, with a test of its name", () => {
  expect(files("../../../policies/rules/", ".ts")).toEqual(names);
  expect(files("./rules/", ".test.ts")).toEqual(names);
});

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
  it("says what it is in one sentence, what to do, and where it comes from", () => {
    expect(rule.description).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\.$/);
    expect(rule.remediation).toMatch(/^[A-Z].*\.$/s);
    for (const { url } of rule.sources) expect(new URL(url).protocol).toBe("https:");
  });

  it("has a default for each option", () => {
    for (const schema of Object.values(rule.options ?? {})) expect(schema).toHaveProperty("default");
  });
});
