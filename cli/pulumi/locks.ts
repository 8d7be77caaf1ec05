/**
 * The locks of Pulumi's file back end. It does not check whether the run that holds one still lives: a killed one would
 * lock the stack for ever.
 */

import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { printError } from "../output/terminal.ts";
import { placeOfProcesses, startedAt } from "./processes.ts";

/** Between two looks at a lock that is held, in milliseconds. */
const LOOK_MS = 500;

/** A lock as Pulumi writes it. */
export interface Lock {
  readonly pid?: number;
  readonly hostname?: string;
}

/** Where the ids of processes mean the same: a container has ids of its own, and may have its host's name. */
const PLACE_FILE = "processes-of-last-run";

/** Notes where the processes of the run that begins now are. */
export async function notePlace(stateFolder: string): Promise<void> {
  await writeFile(join(stateFolder, PLACE_FILE), placeOfProcesses());
}

/** What holds a lock: a run that lives, nobody any more, or a run that cannot be seen from here. */
export type Holder = "alive" | "dead" | "unseen";

/**
 * Who holds a lock.
 *
 * @param takenAt when it was written, in milliseconds since 1970
 * @param here what this process sees: its host's name, when the process of an id started, and whether the processes of
 *   the last run can be seen from here
 */
export function holderOf(
  lock: Lock,
  takenAt: number,
  here: { hostname: string; startedAt: (pid: number) => number | undefined; sameProcesses: boolean },
): Holder {
  if (lock.pid === undefined || lock.hostname !== here.hostname || !here.sameProcesses) return "unseen";
  const started = here.startedAt(lock.pid);
  // A process that is younger than its lock has the id of another one, which is gone. Clocks are read to the second.
  return started === undefined || started > takenAt + 2000 ? "dead" : "alive";
}

/**
 * Removes the locks of runs on a stack that are gone, and waits for one that lives.
 *
 * @param stateFolder the clone's folder for its state
 * @param stack its name
 */
export async function waitForLock(stateFolder: string, stack: string): Promise<void> {
  const folder = join(stateFolder, "state", ".pulumi", "locks", "organization", "llm-stack", stack);
  const place = await readFile(join(stateFolder, PLACE_FILE), "utf8").catch(() => undefined);
  const here = {
    hostname: hostname(),
    startedAt,
    sameProcesses: place === undefined || isSamePlace(place, placeOfProcesses()),
  };
  let told = false;
  for (;;) {
    const holders = await Promise.all((await locksIn(folder)).map((path) => judged(path, here)));
    const alive = holders.find(({ holder }) => holder === "alive");
    if (alive === undefined) return; // Pulumi itself tells of one that is unseen.
    if (!told)
      printError(
        `Another run (process ${alive.pid}) is at work on the stack: waiting for its end. Ctrl-C ends the waiting.`,
      );
    told = true;
    await sleep(LOOK_MS);
  }
}

/** Whether processes of the one place can be seen from the other. After a restart of the machine none of before is left. */
export function isSamePlace(last: string, now: string): boolean {
  const [lastBoot, lastIds] = last.split(" ");
  const [boot, ids] = now.split(" ");
  return lastBoot !== boot || lastIds === ids;
}

/** Beside each lock is a file of its attributes, `<lock>.attrs`. */
async function locksIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
}

async function judged(
  path: string,
  here: Parameters<typeof holderOf>[2],
): Promise<{ pid?: number; holder: Holder }> {
  let lock: Lock;
  let takenAt: number;
  try {
    lock = JSON.parse(await readFile(path, "utf8"));
    takenAt = (await stat(path)).mtimeMs;
  } catch {
    return { holder: "unseen" }; // Released or written this very moment, or broken: Pulumi tells.
  }
  const holder = holderOf(lock, takenAt, here);
  if (holder === "dead") {
    for (const each of [path, `${path}.attrs`]) await rm(each, { force: true });
    printError("An earlier run was killed; its lock on the stack is removed.");
  }
  return { ...lock, holder };
}
