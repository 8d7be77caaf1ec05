/**
 * How long the stack takes from nothing running to the first answer, everything prepared:
 * `node --import ./setup/typescript.mjs bench/start.ts [RUNS]`. Takes the `dev` stack down and up.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { askModel, type ProxyAccess } from "../cli/litellm/verify.ts";
import { prepare } from "../cli/prepare.ts";
import { stackOutputs } from "../cli/pulumi/pulumi.ts";
import { row } from "./figures.ts";

const runs = Number(process.argv[2] ?? 5);
const root = process.cwd();
const machine = await prepare(root, "dev", { quiet: true });
await execa("npm", ["run", "up"], { cwd: root });
const access = await stackOutputs(machine);
if (access === undefined) throw new Error("the stack is not deployed");

const figures: Record<string, number[]> = {};
function note(name: string, seconds: number): void {
  figures[name] = [...(figures[name] ?? []), seconds];
}

for (let run = 0; run < runs; run++) {
  await execa("npm", ["run", "down"], { cwd: root });
  await sleep(5000); // The kernel takes the networks of removed containers apart for some seconds more.
  const start = Date.now();
  const since = (time: number) => (time - start) / 1000;
  const command = execa("npm", ["run", "up"], { cwd: root });
  await firstAnswer(access);
  note("first answer", since(Date.now()));
  await command;
  note("npm run up ends", since(Date.now()));
  for (const name of ["litellm_db", "tinyllama1", "litellm"]) {
    const { stdout } = await execa("docker", ["inspect", name]);
    const [container] = JSON.parse(stdout);
    note(`${name} started`, since(Date.parse(container.State.StartedAt)));
    const healthy = container.State.Health.Log.find((probe: { ExitCode: number }) => probe.ExitCode === 0);
    if (healthy) note(`${name} first seen healthy (of the last 5 probes)`, since(Date.parse(healthy.End)));
  }
}
console.log(`seconds, ${runs} runs\n`);
for (const [name, values] of Object.entries(figures)) console.log(row(name, values));

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
