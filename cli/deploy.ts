/**
 * Previews and deploys with Pulumi's Automation API, the program running in this process. Plain `pulumi up` starts a
 * Node.js for the preview and another for the update, and each takes about two seconds to load Pulumi's SDK.
 */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { Tools } from "../setup/prepare.ts";
import { type Outputs, PulumiFailed, pulumiEnvironment } from "./pulumi.ts";

/** What an update does besides what the program says. */
export interface DeployOptions {
  /** Look at the engine first: what vanished is made again. */
  readonly refresh?: boolean;
  /** URNs to replace even if nothing changed. */
  readonly replace?: readonly string[];
  /** Take over volumes that are not in this stack's state. */
  readonly adopt?: boolean;
}

/** Shows what an update would change, in detail. */
export async function previewStack(tools: Tools): Promise<void> {
  const stack = await automation(tools);
  await shown("preview", () => stack.preview({ ...display, diff: true }));
}

/** Previews, then deploys. Returns the stack's outputs, secrets included. */
export async function deployStack(tools: Tools, wanted: Promise<DeployOptions>): Promise<Outputs> {
  const [stack, options] = await Promise.all([automation(tools), wanted]);
  if (options.adopt) process.env.LLM_STACK_ADOPT = "1";
  await shown("preview", () => stack.preview({ ...display, ...flags(options) }));
  const { outputs } = await shown("up", () =>
    stack.up({ ...display, ...flags(options), suppressOutputs: true }),
  );
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name, value]),
  ) as unknown as Outputs;
}

const display = {
  color: process.stdout.isTTY ? ("always" as const) : ("never" as const),
  onOutput: (text: string) => void process.stdout.write(text),
};

const flags = ({ refresh = false, replace = [] }: DeployOptions) => ({ refresh, replace: [...replace] });

async function automation(tools: Tools): Promise<Stack> {
  let run = 0;
  const program = async () => {
    // Its top level is the program, so each run takes a fresh instance; the modules below it are shared.
    const outputs = await import(`${pathToFileURL(join(tools.root, "index.ts")).href}?run=${run++}`);
    return { ...outputs };
  };
  const pulumiCommand = await PulumiCommand.get({ root: dirname(tools.pulumi.bin) });
  const envVars = pulumiEnvironment(tools);
  Object.assign(process.env, envVars); // for the program
  return LocalWorkspace.selectStack(
    { stackName: tools.stack, projectName: "llm-stack", program },
    { workDir: tools.root, envVars, pulumiCommand },
  );
}

/** Pulumi has said already what is wrong: its error would repeat all of it. */
async function shown<T>(command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new PulumiFailed([command], undefined, "", { cause: error });
  }
}
