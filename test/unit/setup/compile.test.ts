import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compilePlugin } from "../../../setup/compile.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "llm-stack-compile-"));
  await write("provider/main.ts", 'import { word } from "../litellm/word.ts";\nconsole.log(word);\n');
  await write("litellm/word.ts", 'export const word: string = "one";\n');
  await write("package-lock.json", "{}\n");
  await compilePlugin(root, "provider");
  // An age that no build of this test has.
  await utimes(join(root, "provider/dist/main.cjs"), 1, 1);
});

afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(root, file, ".."), { recursive: true });
  await writeFile(join(root, file), text);
}

/** Compiles, and tells whether that made a new bundle, and what this prints. */
async function compile(): Promise<{ made: boolean; prints: string }> {
  await compilePlugin(root, "provider");
  const bundle = join(root, "provider/dist/main.cjs");
  return { made: (await stat(bundle)).mtimeMs !== 1000, prints: execFileSync("node", [bundle]).toString() };
}

describe("a plug-in's bundle", () => {
  it("is not made again when nothing changed", async () => {
    expect(await compile()).toEqual({ made: false, prints: "one\n" });
  });

  it("is made again when a file of another folder changed that it imports", async () => {
    await write("litellm/word.ts", 'export const word: string = "two";\n');
    expect(await compile()).toEqual({ made: true, prints: "two\n" });
    await utimes(join(root, "provider/dist/main.cjs"), 1, 1);
    expect(await compile()).toEqual({ made: false, prints: "two\n" });
  });

  it("is made again when an imported file moved", async () => {
    await rm(join(root, "litellm/word.ts"));
    await write("config/word.ts", 'export const word = "moved";\n');
    await write("provider/main.ts", 'import { word } from "../config/word.ts";\nconsole.log(word);\n');
    expect(await compile()).toEqual({ made: true, prints: "moved\n" });
  });

  it("sees changes of a file that came to it later", async () => {
    await write("config/more.ts", 'export const more = "new";\n');
    await write("litellm/word.ts", 'export { more as word } from "../config/more.ts";\n');
    expect(await compile()).toEqual({ made: true, prints: "new\n" });
    await write("config/more.ts", 'export const more = "newer";\n');
    expect((await compile()).prints).toBe("newer\n");
  });

  it("is made again when the lock file changed, and not for files that it does not import", async () => {
    await write("provider/unused.ts", "export {};\n");
    expect((await compile()).made).toBe(false);
    await write("package-lock.json", '{ "lockfileVersion": 3 }\n');
    expect((await compile()).made).toBe(true);
  });
});
