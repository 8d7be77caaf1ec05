/**
 * A no-op preview of the running `dev` stack: plain `pulumi preview` with this project's loader, and with tsx where it
 * is installed beside (`npm install --no-save tsx`): `node --import ./setup/typescript.mjs bench/preview.ts [RUNS]`.
 */

import { existsSync } from "node:fs";
import { execa } from "execa";
import { prepare } from "../cli/prepare.ts";
import { pulumiEnvironment } from "../cli/pulumi/pulumi.ts";
import { row } from "./figures.ts";

const runs = Number(process.argv[2] ?? 5);
const machine = await prepare(process.cwd(), "dev", { quiet: true });
const env = pulumiEnvironment(machine);

async function seconds(extra: Record<string, string> = {}): Promise<number> {
  const start = performance.now();
  await execa("pulumi", ["preview", "--non-interactive", "--expect-no-changes"], {
    env: { ...env, ...extra },
  });
  return (performance.now() - start) / 1000;
}

const ours: number[] = [];
const tsx: number[] = [];
await seconds(); // the disk's cache fills
for (let run = 0; run < runs; run++) {
  ours.push(await seconds());
  if (existsSync("node_modules/tsx")) tsx.push(await seconds({ NODE_OPTIONS: "--import tsx" }));
}
console.log(`seconds, ${runs} runs\n`);
console.log(row("pulumi preview, no change", ours));
if (tsx.length > 0) console.log(row("the same with tsx loaded as well", tsx));
