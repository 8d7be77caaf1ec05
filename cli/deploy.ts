/**
 * Previews and deploys with the program running in this process. Plain `pulumi up` starts a Node.js for the preview
 * and another for the update, and each takes about two seconds to load Pulumi's SDK. Its Automation API would share
 * one, but starts seven commands for a preview and an update.
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tools } from "../setup/prepare.ts";
import { policyEvents, policyFlags } from "./policy.ts";
import { pulumi, pulumiEnvironment } from "./pulumi.ts";
import { serveProgram } from "./serve-program.ts";

/** What an update does besides what the program says. */
export interface DeployOptions {
  /** Look at the engine first: what vanished is made again. */
  readonly refresh?: boolean;
  /** URNs to replace even if nothing changed. */
  readonly replace?: readonly string[];
  /** Take over volumes that are not in this stack's state. */
  readonly adopt?: boolean;
  /** Check the stack by the policy pack. Default: true. */
  readonly policy?: boolean;
}

/** Shows what an update would change, in detail. */
export async function previewStack(tools: Tools): Promise<void> {
  await withProgram(tools, (client) => pulumi(tools, ["preview", "--diff", ...client]));
}

/**
 * What an update would change if it looked at the engine and at LiteLLM first, as Pulumi's JSON. Changes nothing, the
 * state neither.
 */
export async function previewLive(tools: Tools): Promise<string> {
  return withProgram(tools, (client) =>
    pulumi(tools, ["preview", "--refresh", "--json", ...client], { quiet: true }),
  );
}

/**
 * Previews the stack with the policy pack. Returns what Pulumi's engine told of it, one JSON event a line; a violation
 * is no failure.
 */
export async function previewPolicies(tools: Tools): Promise<string> {
  return withProgram(tools, (client) => policyEvents(tools, client));
}

/** Previews, then deploys. */
export async function deployStack(tools: Tools, options: DeployOptions): Promise<void> {
  if (options.adopt) process.env.LLM_STACK_ADOPT = "1";
  const flags = [
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
    ...(options.policy === false ? [] : policyFlags(tools)),
  ];
  await withProgram(tools, (client) =>
    pulumi(tools, ["up", "--yes", "--suppress-outputs", ...flags, ...client]),
  );
}

/** How often the program ran in this process: an instance that ran already would declare nothing, and so delete all. */
let runs = 0;

/** Serves the stack's program while a Pulumi command runs, which takes it by the flags that `work` is given. */
async function withProgram<T>(tools: Tools, work: (flags: string[]) => Promise<T>): Promise<T> {
  Object.assign(process.env, pulumiEnvironment(tools)); // for the program
  return serveProgram(async () => {
    // Its top level is the program, so each run takes a fresh instance; the modules below it are shared.
    const outputs = await import(`${pathToFileURL(join(tools.root, "index.ts")).href}?run=${runs++}`);
    return { ...outputs };
  }, work);
}
