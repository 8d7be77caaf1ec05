/** What users of this machine may do with a file. */

import { statSync } from "node:fs";

/** The permission of users that are neither the owner nor in the group to read. */
const OTHERS_READ = 0o004;

/** Whether every user may read the file at a path. True where there is none, and where files have no such modes. */
export function isReadableByAll(path: string): boolean {
  if (process.platform !== "linux") return true;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined || (mode & OTHERS_READ) !== 0;
}
