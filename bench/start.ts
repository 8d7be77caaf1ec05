/**
 * Measures how long the stack takes from nothing running to the first answer, everything prepared. Takes the `dev` stack
 * down and up. From the project's folder: `node --import ./setup/typescript.mjs bench/start.ts [RUNS]` (default 5).
 */

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { ProxyAccess } from "../cli/litellm/proxy-api.ts";
import { askModel } from "../cli/litellm/verify.ts";
import { prepare } from "../cli/prepare.ts";
import { stackOutputs } from "../cli/pulumi/stack.ts";
import { row, seconds } from "./figures.ts";

const runs = Number(process.argv[2] ?? 5);
const root = process.cwd();
const workspace = await prepare(root, "dev", { quiet: true });
await execa("npm", ["run", "up"], { cwd: root });
const access = await stackOutputs(workspace);
if (access === undefined) throw new Error("the stack is not deployed");

const answered: number[] = [];
const ended: number[] = [];
for (let run = 0; run < runs; run++) {
  await execa("npm", ["run", "down"], { cwd: root });
  await sleep(5000); // The kernel takes the networks of removed containers apart for some seconds more.
  const command = execa("npm", ["run", "up"], { cwd: root });
  const [first, end] = await Promise.all([seconds(() => firstAnswer(access)), seconds(() => command)]);
  answered.push(first);
  ended.push(end);
}
console.log(`seconds, ${runs} runs\n`);
console.log(row("first answer", answered));
console.log(row("npm run up ends", ended));

async function firstAnswer(access: ProxyAccess): Promise<void> {
  for (;;) {
    try {
      await askModel(access, "tinyllama1", "Hi", 1);
      return;
    } catch {
      await sleep(50); // not there yet
    }
  }
}
