import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectFiles, root } from "../../support/imports.ts";

let dir: string;

/** A copy of what the CLI is made of. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "llm-stack-bundle-"));
  const files = projectFiles().filter((file) => !/^(test|docs|bench|examples)\//.test(file));
  for (const file of files) {
    await mkdir(join(dir, file, ".."), { recursive: true });
    await cp(join(root, file), join(dir, file));
  }
  await symlink(join(root, "node_modules"), join(dir, "node_modules"));
});
afterEach(() => rm(dir, { recursive: true }));

const bundled = () => stat(join(dir, "cli/dist/stamp.json")).then(({ mtimeMs }) => mtimeMs);
const tools = async () => (await readdir(join(dir, "cli/dist/tools"))).sort();
const help = () =>
  execFileSync("node", ["cli/bootstrap.mjs", "--help"], { cwd: dir, encoding: "utf8", stdio: "pipe" });

describe("the bundle of the CLI", () => {
  it("is made once, again when a tool comes, and without it when it goes", async () => {
    expect(help()).toContain("deploy the stack");
    const first = await bundled();
    help();
    expect(await bundled()).toBe(first);
    const before = await tools();
    expect(before).toContain("calculator.mjs");

    await writeFile(join(dir, "agent/tools/another.ts"), "export default () => undefined;\n");
    help();
    expect(await tools()).toEqual([...before, "another.mjs"].sort());
    await rm(join(dir, "agent/tools/another.ts"));
    help();
    expect(await tools()).toEqual(before);
  });

  it("is done without where a source has a slip, which is named", async () => {
    await writeFile(join(dir, "agent/tools/broken.ts"), "export default () => {\n");
    const shell = "node cli/bootstrap.mjs --help 2>&1";
    const all = execFileSync("sh", ["-c", shell], { cwd: dir, encoding: "utf8" });
    expect(all).toContain("agent/tools/broken.ts");
    expect(all).toContain("deploy the stack");
  });
});
