/** What Ctrl-C, a closed terminal and `kill` do while Pulumi works. */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ResultPromise } from "execa";
import { printError } from "../output/terminal.ts";
import { endRun, ownRun, WATCHED_VARIABLE } from "./processes.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One Ctrl-C comes from the terminal and from npm, milliseconds apart. */
const SAME_PRESS_MS = 1000;

let isWatched = false;

/** Starts the watchdog of this process, once; see `watchdog.ts`. */
export function startWatchdog(): void {
  if (isWatched) return;
  isWatched = true;
  const program = process.env.LLM_STACK_BUNDLED
    ? [fileURLToPath(new URL("../dist/watchdog.mjs", import.meta.url))]
    : [
        "--import",
        new URL("../../setup/typescript.mjs", import.meta.url).href,
        fileURLToPath(new URL("./watchdog.ts", import.meta.url)),
      ];
  const watchdog = spawn(process.execPath, program, {
    detached: true,
    env: { ...process.env, [WATCHED_VARIABLE]: ownRun() },
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.on("error", (error) => printError(`Nothing cleans up if this run is killed: ${error.message}`));
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  // Nobody may read any more, such as when the terminal was closed: what is under way goes on and ends well.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** How a Pulumi command was interrupted. */
export interface Interrupts {
  /** Whether it was. */
  readonly interrupted: boolean;
  /** Lets signals have their usual effect again. */
  release(): void;
}

/**
 * Hands interrupts on to a Pulumi command that is in a process group of its own, as otherwise a terminal, npm and this
 * process would each tell it, which it takes for "end at once". The first one lets it finish what it is doing; a second
 * one ends it.
 */
export function handInterruptsOn(command: ResultPromise): Interrupts {
  let first: number | undefined;
  let isEnding = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = Date.now();
      printError(
        `\n${signal === "SIGINT" ? "Ctrl-C" : signal}: Pulumi finishes what it is doing and notes it; nothing new is begun. Once more ends it at once.`,
      );
      command.kill("SIGINT");
    } else if (!isEnding && Date.now() - first > SAME_PRESS_MS) {
      isEnding = true;
      printError("\nEnding at once. The next command puts in order what this leaves.");
      command.kill("SIGKILL");
      void endRun(ownRun());
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    get interrupted() {
      return first !== undefined;
    },
    release() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
