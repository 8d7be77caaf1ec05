import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putPolicyStarter } from "../../../../setup/pulumi/policy-starter.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-stack-starter-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("the script that starts policy packs", () => {
  const tell = "console.log(JSON.stringify(process.argv.slice(2)))";
  const start = async () => {
    await putPolicyStarter(folder);
    const script = join(folder, "pulumi-analyzer-policy");
    const printed = execFileSync(script, ["127.0.0.1:1", "."], { cwd: join(folder, "policies") });
    return JSON.parse(printed.toString());
  };

  it("runs a compiled pack by itself", async () => {
    await mkdir(join(folder, "policies/dist"), { recursive: true });
    await writeFile(join(folder, "policies/dist/main.cjs"), tell);
    expect(await start()).toEqual(["127.0.0.1:1", "."]);
  });

  it("runs any other by the runner that the pack's own folder resolves, with the engine's arguments", async () => {
    const runner = join(folder, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    await mkdir(runner, { recursive: true });
    await writeFile(join(runner, "index.js"), tell);
    await mkdir(join(folder, "policies"));
    expect(await start()).toEqual(["127.0.0.1:1", "."]);
  });
});
