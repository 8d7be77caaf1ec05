/** One cache folder for everything that is downloaded or built: keyed by version, shared by all clones. */

import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { takeLock } from "./lock.mjs";

/**
 * The project's cache folder: `$XDG_CACHE_HOME/llm-stack`, or `~/.cache/llm-stack`.
 * A relative `XDG_CACHE_HOME` is ignored, as the XDG Base Directory specification asks.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "llm-stack");
}

/**
 * Runs `work` while holding the lock on `path` (a folder, made when missing).
 * A second run waits as long as the first one lives; the lock of a killed one is taken over.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path, { recursive: true });
  const lock = await takeLock(join(path, ".lock"));
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** A folder of the cache, and whether this call made it. */
export interface Cached {
  readonly dir: string;
  readonly made: boolean;
}

/**
 * The cache folder `key` (such as `pulumi/3.220.0`), made at most once: `make` fills an empty folder
 * beside it, which is renamed into place when it succeeds. Safe when two runs start at once and when one is
 * killed half-way: what is half made is never seen, and is removed by the next run.
 */
export async function cached(
  key: string,
  make: (dir: string) => Promise<void>,
  root: string = cacheDir(),
): Promise<Cached> {
  const dir = join(root, key);
  if (existsSync(dir)) return { dir, made: false };
  return withLock(join(root, ".locks", key.replaceAll("/", "_")), async () => {
    if (existsSync(dir)) return { dir, made: false };
    const half = `${dir}.part`;
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { recursive: true });
    await make(half);
    await mkdir(dirname(dir), { recursive: true });
    await rename(half, dir);
    return { dir, made: true };
  });
}
