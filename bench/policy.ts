/**
 * What the policy pack adds to a no-op preview of the running `dev` stack, in turns:
 * `node --import ./setup/typescript.mjs bench/policy.ts [RUNS]`.
 */

import { execa } from "execa";
import { prepare } from "../cli/prepare.ts";
import { policyFlags } from "../cli/pulumi/policy-pack.ts";
import { pulumiEnvironment } from "../cli/pulumi/pulumi.ts";
import { row } from "./figures.ts";

const runs = Number(process.argv[2] ?? 7);
const machine = await prepare(process.cwd(), "dev", { quiet: true });
const env = pulumiEnvironment(machine);

async function seconds(flags: readonly string[]): Promise<number> {
  const start = performance.now();
  await execa("pulumi", ["preview", "--non-interactive", "--expect-no-changes", ...flags], { env });
  return (performance.now() - start) / 1000;
}

const plain: number[] = [];
const checked: number[] = [];
const flags = policyFlags(machine);
await seconds(flags); // the disk's cache fills
for (let run = 0; run < runs; run++) {
  plain.push(await seconds([]));
  checked.push(await seconds(flags));
}
console.log(`seconds, ${runs} runs\n`);
console.log(row("pulumi preview, no change", plain));
console.log(row("the same with the policy pack", checked));
