/**
 * Runs beside a command, in a session of its own, and outlives it, whatever ends it: then it ends what the command's run of
 * Pulumi left behind. Its standard input is a pipe that the command holds and never writes to.
 */

import { endRun, WATCHED_VARIABLE } from "./processes.ts";

const run = process.env[WATCHED_VARIABLE] ?? "";
process.stdin.resume().once("close", () => void endRun(run));
