import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { callsIn, cliProgram, problemOf } from "../support/cli-program.ts";

const ROOT = resolve(import.meta.dirname, "../..");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}
const workflow = parse(readFileSync(join(ROOT, ".github/workflows/check.yml"), "utf8"));
const steps: readonly Step[] = workflow.jobs.check.steps;
const place = (found: (step: Step) => boolean | undefined) => steps.findIndex((step) => found(step));
const uses = (action: string) => place((step) => step.uses?.startsWith(`${action}@`));
const runs = (start: string) => place((step) => step.run?.startsWith(start));

let program: Command;
beforeAll(async () => {
  program = await cliProgram();
}, 60_000);

describe("the workflow for code hosts", () => {
  it("runs scripts of package.json, with options that they have", () => {
    const lines = steps.flatMap(({ run }) => run?.trim().split("\n") ?? []);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const calls = callsIn(line);
      expect(calls.map(({ text }) => text)).toEqual([line]);
      expect(calls.map((call) => problemOf(program, call))).toEqual([undefined]);
    }
  });

  it("has the sources and Node.js before it runs anything, and the cache before it fills it", () => {
    const first = place(({ run }) => run !== undefined);
    const order = [uses("actions/checkout"), uses("actions/setup-node"), uses("actions/cache"), first];
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("runs the tests, and uploads what the policy pack wrote even when that fails the run", () => {
    expect(runs("npm test")).toBeGreaterThan(-1);
    const written = / --sarif (\S+)/.exec(steps[runs("npm run policy")]?.run ?? "")?.[1];
    const upload = steps[uses("github/codeql-action/upload-sarif")];
    expect(upload?.with?.sarif_file).toBe(written);
    expect(upload?.if).toContain("always()");
    expect(uses("github/codeql-action/upload-sarif")).toBeGreaterThan(runs("npm run policy"));
    expect(workflow.permissions).toEqual({ contents: "read", "security-events": "write" });
  });

  it("runs with a Node.js that the project takes", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const least = Number(/\d+/.exec(engines.node)?.[0]);
    const { "node-version": version } = steps[uses("actions/setup-node")]?.with ?? {};
    expect(Number.parseInt(String(version), 10)).toBeGreaterThanOrEqual(least);
  });

  it("keeps what was built by everything that it is built from", () => {
    const { path, key = "" } = steps[uses("actions/cache")]?.with ?? {};
    expect(path).toBe("~/.cache/llm-stack");
    const files = [...key.matchAll(/'([^']+)'/g)].map(([, file = ""]) => file);
    expect(files).toEqual(
      expect.arrayContaining(["setup/**", "from-source/**", "packages/**", "package-lock.json"]),
    );
    for (const file of files) expect(existsSync(join(ROOT, file.replace(/\/\*\*$/, ""))), file).toBe(true);
  });
});
