/**
 * Runs beside a command, in a session of its own, and outlives it, whatever ends it: then it ends what the command's run of
 * Pulumi left behind. Its standard input is a pipe that the command holds and never writes to.
 */

import { endRun } from "./processes.ts";

const run = process.argv[2] ?? "";
process.stdin.resume().once("close", () => void endRun(run));
