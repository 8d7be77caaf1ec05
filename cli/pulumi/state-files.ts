/** Files of Pulumi's file back end that a killed run, or a machine without power, left half-written. */

import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../config/errors.ts";
import { printError } from "../output/terminal.ts";

/**
 * Makes the state readable again.
 *
 * @param folder the clone's folder for its state
 * @param checkpoint the file of the stack's state
 * @throws {UserError} when the state and the one before it are broken
 */
export async function repairState(folder: string, checkpoint: string): Promise<void> {
  await removeBrokenAttributes(join(folder, "state", ".pulumi"));
  const text = await readFile(checkpoint, "utf8").catch(() => undefined);
  if (text === undefined || isJson(text)) return;
  const last = await readFile(`${checkpoint}.bak`, "utf8").catch(() => "");
  if (!isJson(last))
    throw new UserError(
      `\`${checkpoint}\` is broken, and so is \`${checkpoint}.bak\`. Put a copy back from \`.pulumi/backups\` beside it, or from your own backup.`,
    );
  await copyFile(`${checkpoint}.bak`, checkpoint);
  printError(`\`${checkpoint}\` was broken: the state of one step before is taken.`);
}

/**
 * Pulumi's storage library keeps a file of attributes beside each file, which it does not write at once as it does the
 * others. Without one it takes the defaults; with half of one it fails, for good ("failed to load checkpoint: EOF").
 */
async function removeBrokenAttributes(folder: string): Promise<void> {
  // Of earlier states there are thousands in the end, which no run reads.
  const folders = ["", "locks", "stacks"].map((name) => join(folder, name));
  const lists = await Promise.all(
    folders.map((each) => readdir(each, { recursive: each !== folder, withFileTypes: true }).catch(() => [])),
  );
  for (const file of lists.flat()) {
    if (!file.isFile() || !file.name.endsWith(".attrs")) continue;
    const path = join(file.parentPath, file.name);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined && !isJson(text)) await rm(path, { force: true });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
