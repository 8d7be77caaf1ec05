import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, it } from "vitest";
import { policyConfigProblems } from "../../../cli/pulumi/policy-pack.ts";
import { stackConfigFromFiles } from "../../../config/from-files.ts";
import type { StackConfig } from "../../../config/stack-config.ts";
import { rules } from "../../../policies/rules/index.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const docs = readdirSync(join(ROOT, "docs")).filter((file) => file.endsWith(".md"));
const pages = ["README.md", ...docs.map((file) => `docs/${file}`)];

/** A block of code, and where it is. */
interface Example {
  readonly at: string;
  readonly text: string;
}

function examplesIn(page: string, language: string): Example[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ({ 1: block = "", index }) => ({ at: `${page}:${text.slice(0, index).split("\n").length}`, text: block }),
  );
}

const configs = pages
  .flatMap((page) => examplesIn(page, "yaml"))
  .filter(({ text }) => /^(llm-stack:|config:)/m.test(text));

/** The config of an example, read as a stack's file is, with the secrets and the files that it names. */
function configOf(example: string): StackConfig {
  const root = mkdtempSync(join(tmpdir(), "llm-stack-docs-"));
  try {
    const whole = example.includes("config:") ? example : `config:\n${example.replaceAll(/^/gm, "  ")}`;
    writeFileSync(join(root, "Pulumi.dev.yaml"), whole);
    const secrets = new Set([
      ...[...example.matchAll(/\b(?:apiKey|value): (\w+ApiKey)/g)].map(([, name]) => name),
      ...[...example.matchAll(/provider: (\w+)(?![^}]*apiKey:)/g)].map(([, name]) => `${name}ApiKey`),
    ]);
    const lines = [...secrets].map((name) => `  llm-stack:${name}: { secure: v1:x }\n`);
    mkdirSync(join(root, ".llm-stack"));
    writeFileSync(join(root, ".llm-stack", "Pulumi.dev.yaml"), `config:\n${lines.join("")}`);
    for (const [, file = ""] of example.matchAll(/(?:gguf|caBundle): (\.\/[\w./-]+)/g)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), "");
    }
    return stackConfigFromFiles(root, "dev");
  } finally {
    rmSync(root, { recursive: true });
  }
}

it.each(configs.map(({ at, text }) => [at, text]))("the config at %s passes every check", (_, text) => {
  expect(configOf(text).models.length).toBeGreaterThan(0);
});

it("there are examples of servers, models, keys, MCP servers and a second stack", () => {
  const all = configs.map(({ text }) => configOf(text));
  expect(all.some(({ ollama }) => ollama.some(({ gpu }) => gpu === "all"))).toBe(true);
  expect(all.some(({ models }) => models.some(({ store }) => store === "database"))).toBe(true);
  expect(all.some(({ keys }) => keys.some(({ team }) => team !== undefined))).toBe(true);
  expect(all.some(({ agent }) => agent.mcpServers.length === 3)).toBe(true);
  expect(all.some(({ namePrefix, proxy }) => namePrefix === "second-" && proxy.port === 5444)).toBe(true);
});

it("a config that is wrong is found", () => {
  expect(() => configOf("llm-stack:proxy: { prot: 1 }\n")).toThrow(/`proxy.prot`/);
});

const policies = pages.flatMap((page) => examplesIn(page, "json"));

it.each(policies.map(({ at, text }) => [at, text]))("the policy config at %s can be used", (_, text) => {
  expect(policyConfigProblems(text, rules)).toEqual([]);
});

it("there are examples of options, levels and an exemption", () => {
  const all = policies.map(({ text }) => text).join("\n");
  for (const part of ['"addresses"', '"registries"', '"mandatory"', '"disabled"', '"exempt"'])
    expect(all).toContain(part);
});
