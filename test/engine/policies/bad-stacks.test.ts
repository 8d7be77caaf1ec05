import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { violationsIn } from "../../../cli/pulumi/policy-pack.ts";
import { serveProgram } from "../../../cli/pulumi/serve-program.ts";
import { rules } from "../../../policies/rules/index.ts";
import { OtherProgram } from "../../support/other-program.ts";
import { type BadStack, TestStack } from "../../support/safe-stack.ts";

// All stacks are declared side by side in one program, which is previewed once; what the pack reports is sorted to the
// stacks by URN.

const folder = new URL("./bad-stacks/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
const bad = new Map<string, BadStack>();

/** The mandatory violations of each stack, rule and message; by undefined those of no stack. */
const refusals = new Map<string | undefined, [rule: string, message: string][]>();

beforeAll(async () => {
  for (const name of names) bad.set(name, (await import(new URL(`${name}.ts`, folder).href)).default);
  const program = await OtherProgram.make();
  try {
    const lines = await serveProgram(
      async () => {
        for (const [name, stack] of bad) stack.declare(new TestStack(name));
        const good = new TestStack("good");
        good.container();
        good.litellm();
        return {};
      },
      (flags) => program.checkedPreview(flags),
    );
    for (const { level, rule, urn, problem } of violationsIn(lines, rules)) {
      if (level !== "mandatory") continue;
      const { remediation } = rules.find(({ name }) => name === rule) ?? {};
      const stack = TestStack.nameIn(urn);
      refusals.set(stack, [...(refusals.get(stack) ?? []), [rule, `${problem}. ${remediation}`]]);
    }
  } finally {
    await program.remove();
  }
});

it("a safe stack is refused for nothing, and nothing is refused that is in no stack", () => {
  expect([...refusals.keys()].filter((name) => !bad.has(name ?? ""))).toEqual([]);
});

it("every mandatory rule has a bad stack", () => {
  const violated = new Set([...bad.values()].flatMap(({ violates }) => violates.map(([rule]) => rule)));
  const mandatory = rules.filter(({ level }) => level === "mandatory").map(({ name }) => name);
  expect(mandatory.filter((name) => !violated.has(name))).toEqual([]);
});

describe("a bad stack fails for exactly its reason", () => {
  it.each(names)("%s", (name) => {
    expect(refusals.get(name)?.sort()).toEqual([...(bad.get(name)?.violates ?? [])].sort());
  });
});
