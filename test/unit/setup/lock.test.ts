import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isHeld, takeLock } from "../../../setup/lock.mjs";
import { processSpace } from "../../../setup/processes.mjs";

const MINUTES = 60_000;
const look = (alive: readonly number[], start?: string) => ({
  space: "here",
  isAlive: (pid: number) => alive.includes(pid),
  startOf: () => start,
});
const holder = (...processes: { pid: number; start?: string }[]) => ({ space: "here", processes });

describe("a lock is held", () => {
  it.each<[string, Parameters<typeof isHeld>, boolean]>([
    [
      "by a living process, however long it is silent",
      [holder({ pid: 1, start: "7" }), 30 * MINUTES, look([1], "7")],
      true,
    ],
    ["not by a killed one, however fresh", [holder({ pid: 1, start: "7" }), 0, look([])], false],
    ["not by another process with its id", [holder({ pid: 1, start: "7" }), 0, look([1], "8")], false],
    [
      "by an npm that outlives it",
      [holder({ pid: 1, start: "7" }, { pid: 2, start: "9" }), 0, look([2], "9")],
      true,
    ],
    [
      "by a living process whose start nobody knows, while it shows signs",
      [holder({ pid: 1 }), 5000, look([1])],
      true,
    ],
    ["not by one that has long shown none", [holder({ pid: 1 }), 2 * MINUTES, look([1])], false],
    [
      "on another machine, while it shows signs",
      [{ ...holder({ pid: 1 }), space: "there" }, 5000, look([])],
      true,
    ],
    [
      "not on another machine that is silent",
      [{ ...holder({ pid: 1 }), space: "there" }, 2 * MINUTES, look([])],
      false,
    ],
    ["by nobody knows whom, for a while", [undefined, 5000, look([])], true],
    ["not by nobody knows whom, for ever", [undefined, 2 * MINUTES, look([])], false],
  ])("%s", (_, given, held) => {
    expect(isHeld(...given)).toBe(held);
  });
});

describe("takeLock", () => {
  let folder: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "llm-stack-lock-"));
    lock = join(folder, ".npm-install.lock");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const elapsed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  it("keeps out others until it is released, and leaves nothing behind", async () => {
    const first = await takeLock(lock);
    const second = takeLock(lock);
    // As old as a long install: a living holder keeps it all the same.
    await utimes(lock, 0, 0);
    await sleep(1200);
    expect(JSON.parse(await readFile(lock, "utf8")).processes).toHaveLength(1);
    first.release();
    (await second).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over at once what a killed run left, once its npm has ended", async () => {
    const module = new URL("../../../setup/lock.mjs", import.meta.url).href;
    const program = `import { spawn } from "node:child_process"; import { takeLock } from ${JSON.stringify(module)};
      const lock = await takeLock(${JSON.stringify(lock)});
      const npm = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
      lock.noteChild(npm.pid); console.log(npm.pid); setInterval(() => {}, 1000);`;
    const killed = execa(process.execPath, ["--input-type=module", "-e", program], { reject: false });
    let npm = 0;
    for await (const line of killed) {
      npm = Number(line);
      killed.kill("SIGKILL");
    }
    await killed;
    const next = takeLock(lock);
    expect(await Promise.race([next, sleep(1200, "waits")])).toBe("waits");
    process.kill(npm, "SIGKILL");
    expect(await elapsed(async () => (await next).release())).toBeLessThan(5000);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is one's own only: what another run took over stays its", async () => {
    const first = await takeLock(lock);
    await writeFile(lock, JSON.stringify(holder({ pid: 1 })));
    first.noteChild(process.pid);
    first.release();
    expect(JSON.parse(await readFile(lock, "utf8"))).toEqual(holder({ pid: 1 }));
  });

  it("takes over what an earlier version left", async () => {
    await mkdir(lock);
    await utimes(lock, 0, 0);
    (await takeLock(lock)).release();
    expect(existsSync(lock)).toBe(false);
  });

  it("lets one in at a time, however many take over at once", async () => {
    await writeFile(lock, JSON.stringify({ space: processSpace(), processes: [{ pid: 2 ** 30 }] }));
    let [inside, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const held = await takeLock(lock);
        most = Math.max(most, ++inside);
        await sleep(20);
        inside--;
        held.release();
      }),
    );
    expect(most).toBe(1);
  }, 20_000);
});
