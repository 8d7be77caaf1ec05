import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheDir, cached } from "../../../setup/cache.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "llm-stack-cache-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("cacheDir", () => {
  it("respects XDG_CACHE_HOME", () => {
    expect(cacheDir({ XDG_CACHE_HOME: "/x" })).toBe("/x/llm-stack");
  });

  it("ignores a relative XDG_CACHE_HOME", () => {
    expect(cacheDir({ XDG_CACHE_HOME: "x" })).toMatch(/^\/.*\.cache\/llm-stack$/);
  });
});

describe("cached", () => {
  it("makes an entry once", async () => {
    const make = (dir: string) => writeFile(join(dir, "f"), "1");
    expect(await cached("a/1", make, root)).toEqual({ dir: join(root, "a/1"), made: true });
    expect(await cached("a/1", () => Promise.reject(new Error("made twice")), root)).toMatchObject({
      made: false,
    });
  });

  it("leaves nothing behind that looks made when making fails, and makes it the next time", async () => {
    const failing = cached(
      "a/1",
      async (dir) => {
        await writeFile(join(dir, "half"), "");
        throw new Error("disk full");
      },
      root,
    );
    await expect(failing).rejects.toThrow("disk full");
    expect(existsSync(join(root, "a/1"))).toBe(false);
    await cached("a/1", (dir) => writeFile(join(dir, "whole"), ""), root);
    expect(existsSync(join(root, "a/1/half"))).toBe(false);
  });

  it("makes an entry once when two runs start at once", async () => {
    let made = 0;
    const make = async (dir: string) => {
      made++;
      await sleep(300);
      await writeFile(join(dir, "f"), "");
    };
    const both = await Promise.all([cached("a/1", make, root), cached("a/1", make, root)]);
    expect(made).toBe(1);
    expect(both.map((entry) => entry.made).sort()).toEqual([false, true]);
  });

  it("goes on after a run that was killed half-way", async () => {
    const module = new URL("../../../setup/cache.ts", import.meta.url).href;
    const program = `import { cached } from ${JSON.stringify(module)}; import { writeFileSync } from "node:fs";
      await cached("a/1", async (dir) => { writeFileSync(dir + "/half", ""); console.log("busy"); await new Promise((r) => setTimeout(r, 60_000)); }, ${JSON.stringify(root)});`;
    const killed = execa(
      process.execPath,
      ["--import", "./setup/typescript.mjs", "--input-type=module", "-e", program],
      {
        reject: false,
      },
    );
    for await (const line of killed) if (line === "busy") killed.kill("SIGKILL");
    await killed;
    await cached("a/1", (dir) => writeFile(join(dir, "whole"), "x"), root);
    expect(await readFile(join(root, "a/1/whole"), "utf8")).toBe("x");
    expect(existsSync(join(root, "a/1/half"))).toBe(false);
  }, 40_000);
});
