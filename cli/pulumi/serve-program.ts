/** Runs Pulumi programs in this process. */

import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";

/** Pulumi's own host of a program that runs in the process of the Automation API; the package does not type it. */
type LanguageServer = grpc.UntypedServiceImplementation & { onPulumiExit(failed: boolean): void };
const { LanguageServer } = createRequire(import.meta.url)("@pulumi/pulumi/automation/server.js") as {
  LanguageServer: new (program: () => Promise<Record<string, unknown>>) => LanguageServer;
};

/** Serves `program` while a Pulumi command runs, which takes it by the flags that `work` is given. */
export async function serveProgram<T>(
  program: () => Promise<Record<string, unknown>>,
  work: (flags: string[]) => Promise<T>,
): Promise<T> {
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
