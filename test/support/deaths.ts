/** Ways in which a run of a command dies. */

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { runProcesses } from "../../cli/pulumi/processes.ts";
import type { Clone } from "./clone.ts";

/** How a run dies. The signals go where a terminal, or `kill`, sends them. */
export const DEATHS = [
  "Ctrl-C",
  "Ctrl-C twice",
  "the terminal closed",
  "SIGTERM to all",
  "SIGKILL to all",
  "SIGKILL to the command",
  "SIGKILL to pulumi",
  "SIGKILL to a plug-in",
  "SIGKILL to everything",
] as const;
export type Death = (typeof DEATHS)[number];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Processes of the clone's runs of Pulumi that are there now. */
export const leftProcesses = (clone: Clone) =>
  runProcesses().filter(({ environment }) => environment.get("LLM_STACK_ENV_OF") === clone.dir);

/** What became of a run. */
export interface Ended {
  /** Whether it had ended by itself before it could be killed. */
  readonly inTime: boolean;
  readonly output: string;
  /** Milliseconds from its start. */
  readonly ms: number;
}

/**
 * Runs `npm run <command>` as a terminal does, and lets it die.
 *
 * @param ms when, from its start
 */
export async function die(clone: Clone, command: string[], death: Death, ms: number): Promise<Ended> {
  const started = Date.now();
  let ended = false;
  const run = execa("npm", ["run", ...command], {
    cwd: clone.dir,
    detached: true, // A process group of its own, as a terminal gives it.
    reject: false,
    all: true,
    stdin: "ignore",
    env: Object.fromEntries(
      Object.keys(process.env)
        .filter((name) => /^(PULUMI|LLM_STACK)_/.test(name))
        .map((name) => [name, undefined]),
    ),
  });
  void run.then(() => {
    ended = true;
  });
  while (!ended && Date.now() - started < ms) await sleep(20);
  const inTime = ended;
  if (!inTime) await kill(clone, run.pid as number, death);
  const { all } = await run;
  return { inTime, output: all, ms: Date.now() - started };
}

async function kill(clone: Clone, group: number, death: Death): Promise<void> {
  const signal = (pid: number, name: NodeJS.Signals) => {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  const processes = leftProcesses(clone);
  const engines = processes.filter(({ isEngine }) => isEngine);
  const plugins = processes.filter(({ isEngine }) => !isEngine);
  switch (death) {
    case "Ctrl-C":
      return signal(-group, "SIGINT");
    case "Ctrl-C twice":
      signal(-group, "SIGINT");
      await sleep(1500);
      return signal(-group, "SIGINT");
    case "the terminal closed":
      return signal(-group, "SIGHUP");
    case "SIGTERM to all":
      return signal(-group, "SIGTERM");
    case "SIGKILL to all":
      return signal(-group, "SIGKILL");
    case "SIGKILL to the command": {
      const { stdout } = await execa("pgrep", ["-g", String(group), "-f", "cli/bootstrap.mjs"], {
        reject: false,
      });
      return signal(Number(stdout.split("\n").at(-1)), "SIGKILL");
    }
    case "SIGKILL to pulumi":
      for (const { pid } of engines) signal(pid, "SIGKILL");
      return;
    case "SIGKILL to a plug-in":
      for (const { pid } of plugins.slice(0, 1)) signal(pid, "SIGKILL");
      return;
    case "SIGKILL to everything": {
      // As when the machine loses power, as far as processes go: the watchdog too.
      const { stdout } = await execa("pgrep", ["-f", `${clone.dir}/cli/dist/watchdog.mjs`], {
        reject: false,
      });
      for (const pid of [
        -group,
        ...processes.map(({ pid }) => pid),
        ...stdout.split("\n").filter(Boolean).map(Number),
      ])
        signal(pid, "SIGKILL");
    }
  }
}
