/**
 * Previews and deploys with the program running in this process. Plain `pulumi up` starts a Node.js for the preview
 * and another for the update, and each takes about two seconds to load Pulumi's SDK. Its Automation API would share
 * one, but starts seven commands for a preview and an update.
 */

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { Tools } from "../setup/prepare.ts";
import { pulumi, pulumiEnvironment } from "./pulumi.ts";

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

/** Previews, then deploys. */
export async function deployStack(tools: Tools, options: DeployOptions): Promise<void> {
  if (options.adopt) process.env.LLM_STACK_ADOPT = "1";
  const flags = [
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
  ];
  await withProgram(tools, (client) =>
    pulumi(tools, ["up", "--yes", "--suppress-outputs", ...flags, ...client]),
  );
}

/** Pulumi's own host of a program that runs in the process of the Automation API; the package does not type it. */
type LanguageServer = grpc.UntypedServiceImplementation & { onPulumiExit(failed: boolean): void };
const { LanguageServer } = createRequire(import.meta.url)("@pulumi/pulumi/automation/server.js") as {
  LanguageServer: new (program: () => Promise<Record<string, unknown>>) => LanguageServer;
};

/** How often the program ran in this process: an instance that ran already would declare nothing, and so delete all. */
let runs = 0;

/** Serves the program while a Pulumi command runs, which takes it by the flags that `work` is given. */
async function withProgram<T>(tools: Tools, work: (flags: string[]) => Promise<T>): Promise<T> {
  Object.assign(process.env, pulumiEnvironment(tools)); // for the program
  const program = async () => {
    // Its top level is the program, so each run takes a fresh instance; the modules below it are shared.
    const outputs = await import(`${pathToFileURL(join(tools.root, "index.ts")).href}?run=${runs++}`);
    return { ...outputs };
  };
  const language = new LanguageServer(program);
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 }); // The default is 4 MB.
  server.addService(LanguageRuntimeService, language);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  let failed = true;
  try {
    const result = await work([`--client=127.0.0.1:${port}`, "--exec-kind=auto.inline"]);
    failed = false;
    return result;
  } finally {
    server.forceShutdown();
    language.onPulumiExit(failed);
  }
}
