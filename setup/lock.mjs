// Locks between runs of this project: one works, others wait. Plain JavaScript, as cli/bootstrap.mjs runs it before anything is
// installed.

import { lstatSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processSpace, startOf } from "./processes.mjs";

/** Milliseconds between looks at a lock that is held, and between signs of life of its holder. */
const LOOK_MS = 500;
const SIGN_MS = 5000;
/** Without a sign of life for so long, a lock is taken over whose holder cannot be looked at, such as on another machine. */
const SILENT_MS = 60_000;

/**
 * Whether a lock is still held. A process of this machine is looked at itself, so that it keeps the lock however long it is
 * suspended, and loses it at once when it is killed. What it started, such as `npm`, may outlive it, and holds the lock too.
 *
 * @param {{ space: string, processes: { pid: number, start?: string }[] } | undefined} holder undefined: nobody knows
 * @param {number} silentMs since its last sign of life
 */
export function isHeld(holder, silentMs, look = { space: processSpace(), isAlive, startOf }) {
  if (holder?.space !== look.space) return silentMs < SILENT_MS;
  return holder.processes.some(({ pid, start }) => {
    if (!look.isAlive(pid)) return false;
    const now = look.startOf(pid);
    // An id is used again; where nobody can tell, the signs of life do.
    return start === undefined || now === undefined ? silentMs < SILENT_MS : start === now;
  });
}

/**
 * Waits for the lock `file`, in a folder that is there, and takes it.
 *
 * @returns `noteChild`, which says that the lock is held as long as that process lives too, and `release`
 */
export async function takeLock(file) {
  const holder = { space: processSpace(), processes: [{ pid: process.pid, start: startOf(process.pid) }] };
  let text = JSON.stringify(holder);
  while (!created(file, text)) {
    const found = contentOf(file);
    const since = lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (isHeld(parsed(found), Date.now() - since)) await sleep(LOOK_MS);
    else takeAway(file, found);
  }
  const isMine = () => contentOf(file) === text;
  const signs = setInterval(() => isMine() && utimesSync(file, new Date(), new Date()), SIGN_MS);
  signs.unref();
  return {
    noteChild(pid) {
      holder.processes.push({ pid, start: startOf(pid) });
      if (!isMine()) return; // Removed by hand.
      text = JSON.stringify(holder);
      writeFileSync(`${file}.${process.pid}`, text);
      renameSync(`${file}.${process.pid}`, file);
    },
    release() {
      clearInterval(signs);
      if (isMine()) rmSync(file);
    },
  };
}

/** Makes a file; false when it is there. Whoever reads it before it is written sees a holder that nobody knows. */
function created(file, text) {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a dead holder's lock. Another run may have done so meanwhile and hold it now: then it gets it back. */
function takeAway(file, text) {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
  } catch (error) {
    if (error.code === "ENOENT") return; // Released, or taken away by another run.
    throw error;
  }
  const taken = contentOf(away);
  if (taken !== undefined && taken !== text) created(file, taken);
  rmSync(away, { recursive: true, force: true });
}

function contentOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Gone; or a folder, which was the lock of an earlier version.
  }
}

function parsed(text) {
  try {
    const holder = JSON.parse(text);
    return Array.isArray(holder.processes) ? holder : undefined;
  } catch {
    return undefined;
  }
}
