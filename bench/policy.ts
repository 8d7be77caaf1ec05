/**
 * Measures what the policy pack adds to a no-op preview of the running `dev` stack, in turns. From the project's folder:
 * `node --import ./setup/typescript.mjs bench/policy.ts [RUNS]` (default 7).
 */

import { execa } from "execa";
import { prepare } from "../cli/prepare.ts";
import { pulumiEnvironment } from "../cli/pulumi/environment.ts";
import { policyFlags } from "../cli/pulumi/policy-pack.ts";
import { row, seconds } from "./figures.ts";

const runs = Number(process.argv[2] ?? 7);
const workspace = await prepare(process.cwd(), "dev", { quiet: true });
const env = pulumiEnvironment(workspace);

const preview = (flags: readonly string[]) =>
  execa("pulumi", ["preview", "--non-interactive", "--expect-no-changes", ...flags], { env });

const plain: number[] = [];
const checked: number[] = [];
const flags = policyFlags(workspace);
await preview(flags); // the disk's cache fills
for (let run = 0; run < runs; run++) {
  plain.push(await seconds(() => preview([])));
  checked.push(await seconds(() => preview(flags)));
}
console.log(`seconds, ${runs} runs\n`);
console.log(row("pulumi preview, no change", plain));
console.log(row("the same with the policy pack", checked));
