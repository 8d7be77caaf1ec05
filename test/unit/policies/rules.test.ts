import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../../policies/rule.ts";
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
  it("says what it is in one sentence, how to comply, and where it comes from", () => {
    expect(rule.description).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\.$/);
    expect(rule.remediation).toMatch(/^[A-Z].*\.$/s);
    for (const { url } of rule.sources) expect(new URL(url).protocol).toBe("https:");
  });

  it("has a default for each option", () => {
    for (const schema of Object.values(rule.options ?? {})) expect(schema).toHaveProperty("default");
  });
});

it("docs/policy-rules.md lists every rule (`npx vitest run --project unit policies/rules.test -u` writes it)", async () => {
  await expect(document(rules)).toMatchFileSnapshot("../../../docs/policy-rules.md");
});

function document(all: readonly Rule[]): string {
  const sources = (rule: Rule) => rule.sources.map(({ id, url }) => `[${id}](${url})`).join(", ");
  const options = (rule: Rule) =>
    Object.entries(rule.options ?? {}).map(
      ([name, { description, default: value }]) =>
        `- \`${name}\`: ${description} Default: \`${JSON.stringify(value)}\`.`,
    );
  const level = (wanted: Rule["level"]) =>
    all
      .filter((rule) => rule.level === wanted)
      .map((rule) =>
        [
          `### \`${rule.name}\``,
          `${rule.description} ${rule.remediation}`,
          `Severity ${rule.severity}. Source: ${sources(rule)}.`,
          ...(rule.options === undefined ? [] : [options(rule).join("\n")]),
        ].join("\n\n"),
      )
      .join("\n\n");
  return `# The rules of the policy pack

${all.length} rules. Policy config can change the level of each and exempt resources from it; see [policies.md](policies.md).

## Mandatory: a violation stops the deployment

${level("mandatory")}

## Advisory: a violation is reported

${level("advisory")}
`;
}
