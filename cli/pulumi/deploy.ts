import type { Toolchain } from "../../setup/prepare.ts";
import { AdviceFilter } from "../output/advice.ts";
import { pulumiEnvironment } from "./environment.ts";
import { policyEvents, policyFlags } from "./policy-pack.ts";
import { pulumi } from "./pulumi.ts";
import { serveProgram } from "./serve-program.ts";

/** What an update does besides what the program says. */
export interface DeployOptions {
  /** Refresh first: what is missing is created again. */
  readonly refresh?: boolean;
  /** URNs to replace even if nothing changed. */
  readonly replace?: readonly string[];
  /** Take over volumes that are not in this stack's state. */
  readonly adopt?: boolean;
  /** Check the stack against the policy pack. Default: true. */
  readonly policy?: boolean;
}

/** Shows what an update would change, in detail. */
export async function previewStack(toolchain: Toolchain): Promise<void> {
  await withProgram(toolchain, (client) => pulumi(toolchain, ["preview", "--diff", ...client]));
}

/**
 * What an update with a refresh would change, as Pulumi's JSON. Changes nothing, the
 * state neither.
 */
export async function previewLive(toolchain: Toolchain): Promise<string> {
  return withProgram(toolchain, (client) =>
    pulumi(toolchain, ["preview", "--refresh", "--json", ...client], { quiet: true }),
  );
}

/**
 * Previews the stack with the policy pack. Returns the Pulumi engine's events, one JSON object a line; a violation
 * is not a failure.
 */
export async function previewPolicies(toolchain: Toolchain): Promise<string> {
  return withProgram(toolchain, (client) => policyEvents(toolchain, client));
}

/**
 * Previews, then deploys.
 *
 * @returns how many pieces of advice the policy pack has; they are not printed
 */
export async function deployStack(toolchain: Toolchain, options: DeployOptions): Promise<number> {
  if (options.adopt) process.env.LLM_STACK_ADOPT = "1";
  const flags = [
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
    ...(options.policy === false ? [] : policyFlags(toolchain)),
  ];
  const filter = new AdviceFilter();
  await withProgram(toolchain, (client) =>
    pulumi(toolchain, ["up", "--yes", "--suppress-outputs", ...flags, ...client], { filter }),
  );
  return filter.count;
}

/** The stack's program: in the bundle of the CLI (`cli/bundle.mjs`) its bundled form. */
const PROGRAM = new URL(
  process.env.LLM_STACK_BUNDLED ? "../dist/program.mjs" : "../../index.ts",
  import.meta.url,
).href;

/** How often the program ran in this process: an instance that ran already would declare nothing, and so delete all. */
let runs = 0;

/** Serves the stack's program while a Pulumi command runs, which takes it by the flags that `work` is given. */
async function withProgram<T>(toolchain: Toolchain, work: (flags: string[]) => Promise<T>): Promise<T> {
  Object.assign(process.env, pulumiEnvironment(toolchain)); // for the program
  return serveProgram(async () => {
    // Its top level is the program, so each run takes a fresh instance; the modules below it are shared.
    const outputs = await import(`${PROGRAM}?run=${runs++}`);
    return { ...outputs };
  }, work);
}
