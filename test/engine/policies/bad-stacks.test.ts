import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violationsIn } from "../../../cli/pulumi/policy-pack.ts";
import { serveProgram } from "../../../cli/pulumi/serve-program.ts";
import { rules } from "../../../policies/rules/index.ts";
import { type BadStack, container } from "../../support/good-stack.ts";
import { OtherProgram } from "../../support/other-program.ts";

const folder = new URL("./bad-stacks/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));

let program: OtherProgram;

beforeAll(async () => {
  program = await OtherProgram.make();
});

afterAll(async () => {
  await program.remove();
});

/** The mandatory violations that a preview of these resources ends with: rule and message. */
async function refusals(declare: () => void): Promise<(readonly [string, string])[]> {
  const lines = await serveProgram(
    async () => {
      declare();
      return {};
    },
    (flags) => program.checkedPreview(flags),
  );
  return violationsIn(lines, rules)
    .filter(({ level }) => level === "mandatory")
    .map(({ rule, problem }) => [
      rule,
      `${problem}. ${rules.find(({ name }) => name === rule)?.remediation}`,
    ]);
}

it("a good stack is refused for nothing", async () => {
  expect(await refusals(() => void container())).toEqual([]);
});

it("every mandatory rule has a bad stack", async () => {
  const stacks = await Promise.all(names.map(load));
  const violated = new Set(stacks.flatMap(({ violates }) => violates.map(([rule]) => rule)));
  const mandatory = rules.filter(({ level }) => level === "mandatory").map(({ name }) => name);
  expect(mandatory.filter((name) => !violated.has(name))).toEqual([]);
});

describe("a bad stack fails for exactly its reason", () => {
  it.each(names)("%s", async (name) => {
    const stack = await load(name);
    expect((await refusals(stack.declare)).sort()).toEqual([...stack.violates].sort());
  });
});

async function load(name: string): Promise<BadStack> {
  return (await import(new URL(`${name}.ts`, folder).href)).default;
}
