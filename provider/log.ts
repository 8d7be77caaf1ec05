/** Messages of the provider to the user. */

import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import { withoutKeys } from "../litellm/errors.ts";

/** Shows a warning beside the resource of a URN. */
export type Warn = (urn: string, message: string) => Promise<void>;

/** @param engineAddress where Pulumi's engine listens. Without it warnings go to standard error. */
export function warnings(engineAddress: string | undefined): Warn {
  return async (urn, message) => {
    const text = withoutKeys(message);
    if (engineAddress === undefined) return console.error(text);
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(text);
    const log = new EngineClient(engineAddress, grpc.credentials.createInsecure());
    await new Promise<void>((resolve, reject) =>
      log.log(request, (error: Error | null) => (error ? reject(error) : resolve())),
    );
    log.close();
  };
}
