/** Edits of Go modules' sources, for one build. */

import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A text in a module's source that is replaced while building. */
export interface GoEdit {
  /** Path of a module that the built one requires. */
  readonly module: string;
  /** The file, below the module's folder. */
  readonly file: string;
  readonly text: RegExp;
  readonly replacement: string;
}

/**
 * The source with the edit made.
 *
 * @throws when the text is not in it: the module's version has changed, so the edit must be looked at
 */
export function applyEdit(source: string, { file, text, replacement }: GoEdit): string {
  if (!text.test(source)) throw new Error(`\`${file}\` does not hold ${text}: look at the edit again`);
  return source.replace(text, replacement);
}

/**
 * Runs `build` with a go.mod that puts edited copies in the place of modules: Go refuses to overlay its module cache.
 *
 * @param module folder of the module that is built; never written to
 * @param go runs Go there, and returns what it prints
 */
export async function withEdits(
  module: string,
  edits: readonly GoEdit[],
  go: (args: readonly string[]) => Promise<string>,
  build: (modfile: string) => Promise<unknown>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "llm-stack-go-"));
  try {
    const modfile = join(folder, "go.mod");
    for (const file of ["go.mod", "go.sum"]) await copyFile(join(module, file), join(folder, file));
    for (const [index, edit] of edits.entries()) {
      const { Dir } = JSON.parse(await go(["mod", "download", "-json", edit.module])) as { Dir: string };
      const copy = join(folder, String(index));
      await execa("cp", ["-R", Dir, copy]);
      await execa("chmod", ["-R", "u+w", copy]);
      const source = join(copy, edit.file);
      await writeFile(source, applyEdit(await readFile(source, "utf8"), edit));
      await go(["mod", "edit", `-replace=${edit.module}=${copy}`, modfile]);
    }
    await build(modfile);
  } finally {
    await rm(folder, { recursive: true });
  }
}
