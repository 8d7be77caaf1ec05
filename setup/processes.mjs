// Whether processes of this machine are alive. Plain JavaScript, as cli/bootstrap.mjs runs it before TypeScript can be loaded.

import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Where process ids mean the same: this machine, and on Linux the namespace, as a container may share its name only. */
export function processSpace() {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname(); // Not Linux.
  }
}

/** Whether there is a process of this id, which has not ended. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
  return !hasEnded(pid);
}

/** A killed process keeps its id until its parent asks for its exit code; Linux shows it as `Z`. */
function hasEnded(pid) {
  const stat = statOf(pid);
  return stat !== undefined && /^[ZX]$/.test(stat[0] ?? "");
}

/** When a process started, to tell it from a later one of the same id; undefined where that cannot be known. */
export function startOf(pid) {
  return statOf(pid)?.[19]; // `starttime`, in ticks since the machine's start
}

/** The fields of `/proc/<pid>/stat` from the state on: before it stands the program's name, which may hold anything. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // Gone this very moment, or not Linux.
  }
}
