/**
 * Measures a no-op preview of the running `dev` stack: plain `pulumi preview` with this project's loader, and with tsx as
 * well where it is installed (`npm install --no-save tsx`), in turns. From the project's folder:
 * `node --import ./setup/typescript.mjs bench/preview.ts [RUNS]` (default 5).
 */

import { existsSync } from "node:fs";
import { execa } from "execa";
import { prepare } from "../cli/prepare.ts";
import { pulumiEnvironment } from "../cli/pulumi/environment.ts";
import { row, seconds } from "./figures.ts";

const runs = Number(process.argv[2] ?? 5);
const workspace = await prepare(process.cwd(), "dev", { quiet: true });
const env = pulumiEnvironment(workspace);

const preview = (extra: Record<string, string> = {}) =>
  execa("pulumi", ["preview", "--non-interactive", "--expect-no-changes"], { env: { ...env, ...extra } });

const ours: number[] = [];
const tsx: number[] = [];
await preview(); // the disk's cache fills
for (let run = 0; run < runs; run++) {
  ours.push(await seconds(() => preview()));
  if (existsSync("node_modules/tsx"))
    tsx.push(await seconds(() => preview({ NODE_OPTIONS: "--import tsx" })));
}
console.log(`seconds, ${runs} runs\n`);
console.log(row("pulumi preview, no change", ours));
if (tsx.length > 0) console.log(row("the same with tsx loaded as well", tsx));
