import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import {
  endRun,
  isUnderWay,
  ownRun,
  RUN_VARIABLE,
  runProcesses,
  startedAt,
  startOf,
} from "../../../../cli/pulumi/processes.ts";

const sleeper = (run: string) =>
  spawn("sleep", ["60"], { env: { ...process.env, [RUN_VARIABLE]: run }, detached: true, stdio: "ignore" });

it("a process is known by its id and its start", () => {
  expect(isUnderWay(ownRun())).toBe(true);
  expect(isUnderWay(`${process.pid}@before`)).toBe(false);
  expect(startOf(2 ** 30)).toBeUndefined();
  expect(Math.abs((startedAt(process.pid) ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
});

it("what a run left is found and ended, and nothing else", async () => {
  const [ours, others] = [`1@${Date.now()}`, `2@${Date.now()}`];
  const [left, foreign] = [sleeper(ours), sleeper(others)];
  const ended = once(left, "exit");
  await expect.poll(() => runProcesses().map(({ pid }) => pid)).toContain(left.pid);
  await endRun(ours);
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(startOf(foreign.pid as number)).toBeDefined();
  foreign.kill("SIGKILL");
});
