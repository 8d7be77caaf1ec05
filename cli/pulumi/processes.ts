/** The processes of a run of Pulumi, and how those are ended that it left behind. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startOf as ticksOf } from "../../setup/processes.mjs";

/**
 * Names the command that started a run: all processes of the run have this environment variable, plug-ins too. They are in
 * process groups of their own, so that nothing else finds them once Pulumi is gone.
 */
export const RUN_VARIABLE = "LLM_STACK_RUN";

/** Names the run that a watchdog watches over (`watchdog.ts`). */
export const WATCHED_VARIABLE = "LLM_STACK_WATCHED_RUN";

/** How long Pulumi may finish what it is doing, in milliseconds. */
const FINISH_MS = 20_000;
/** How long plug-ins may take to end after Pulumi. */
const FOLLOW_MS = 2000;
const LOOK_MS = 100;

/**
 * When a process started, in the system's own words; undefined where there is none, or it has ended and only waits for its
 * parent to ask for its exit code. With its id this names one process, as ids are used again.
 */
export function startOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform === "linux") return ticksOf(pid);
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

/** As {@link startOf}, in milliseconds since 1970, to the second. */
export function startedAt(pid: number): number | undefined {
  const start = startOf(pid);
  if (start === undefined || process.platform !== "linux") return (start && Date.parse(start)) || undefined;
  const [, boot] = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8")) ?? [];
  return Number(boot) * 1000 + Number(start) * 10; // Linux tells programs 100 ticks a second, whatever its own clock.
}

/** Which start of the machine this is, and which of its sets of process ids this process sees: a container has its own. */
export function placeOfProcesses(): string {
  if (process.platform !== "linux") return process.platform;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
}

/** What {@link RUN_VARIABLE} is for the processes that this process starts. */
export const ownRun = () => `${process.pid}@${startOf(process.pid)}`;

/** Whether the command that started a run still runs. */
export function isUnderWay(run: string): boolean {
  const [pid, start] = run.split("@");
  return startOf(Number(pid)) === start;
}

interface RunProcess {
  readonly pid: number;
  readonly environment: ReadonlyMap<string, string>;
  /** The engine, not one of its plug-ins. */
  readonly isEngine: boolean;
}

/** This user's processes that belong to a run. */
export const runProcesses = () => processesWith(RUN_VARIABLE);

/**
 * Waits until the watchdog of a run is gone: it ends what is left of the run, and two who tell Pulumi to end would make it
 * end in the middle of its work.
 */
export async function watchdogGone(run: string): Promise<void> {
  const isThere = () =>
    processesWith(WATCHED_VARIABLE).some(({ environment }) => environment.get(WATCHED_VARIABLE) === run);
  while (isThere()) await sleep(LOOK_MS);
}

/** This user's processes with an environment variable. */
function processesWith(variable: string): RunProcess[] {
  return process.platform === "linux" ? linuxProcesses(variable) : otherProcesses(variable);
}

function linuxProcesses(variable: string): RunProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const text = readFileSync(`/proc/${name}/environ`, "latin1");
      if (!text.includes(`${variable}=`) || startOf(Number(name)) === undefined) return [];
      const isEngine = readFileSync(`/proc/${name}/comm`, "utf8") === "pulumi\n";
      return [{ pid: Number(name), environment: environmentOf(text.split("\0")), isEngine }];
    } catch {
      return []; // Somebody else's, or ended meanwhile.
    }
  });
}

/** Where there is no `/proc`, `ps` prints the environment behind the command. */
function otherProcesses(variable: string): RunProcess[] {
  const text = execFileSync("ps", ["-axEww", "-o", "pid=,command="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, pid, command = ""] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    if (!command.includes(`${variable}=`)) return [];
    const isEngine = /^(\S*\/)?pulumi( |$)/.test(command);
    return [{ pid: Number(pid), environment: environmentOf(command.split(" ")), isEngine }];
  });
}

function environmentOf(entries: readonly string[]): Map<string, string> {
  return new Map(
    entries.flatMap((entry) => {
      const at = entry.indexOf("=");
      return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
    }),
  );
}

/**
 * Ends what is left of a run: Pulumi is asked to finish what it is doing and note it, then whatever still runs is killed.
 */
export async function endRun(run: string): Promise<void> {
  const left = () => runProcesses().filter(({ environment }) => environment.get(RUN_VARIABLE) === run);
  const signal = (name: NodeJS.Signals, { pid }: RunProcess) => {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  const until = async (isOver: () => boolean, ms: number) => {
    for (const end = Date.now() + ms; !isOver() && Date.now() < end; ) await sleep(LOOK_MS);
  };
  const engines = () => left().filter(({ isEngine }) => isEngine);
  for (const engine of engines()) signal("SIGINT", engine);
  await until(() => engines().length === 0, FINISH_MS);
  for (const engine of engines()) signal("SIGKILL", engine);
  await until(() => left().length === 0, FOLLOW_MS);
  for (const each of left()) signal("SIGKILL", each);
}
