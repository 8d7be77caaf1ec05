/**
 * The Pulumi provider `litellm`, on Pulumi's own protocol. The SDK's server for providers in TypeScript does not hand
 * over the provider's configuration: each object would have to hold endpoint and master key, none could be imported,
 * and a new master key would have to reach every object before it could be deleted.
 */

import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { LiteLlmApi } from "../litellm/client.ts";
import { connectionMethods } from "./connection.ts";
import { warnings } from "./log.ts";
import { unary } from "./protocol.ts";
import { resourceMethods } from "./resource-methods.ts";

/** The version of this provider; `Pulumi.yaml` names it too. */
const VERSION = "0.1.0";

/** @param engineAddress where Pulumi's engine listens, for warnings */
export function providerService(engineAddress: string | undefined): UntypedServiceImplementation {
  const stopped = new AbortController();
  let configured: LiteLlmApi | undefined;
  const api = () => {
    if (configured === undefined) throw new Error("the provider is not configured");
    return configured;
  };
  return {
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),
    ...connectionMethods((connection) => {
      configured = new LiteLlmApi(connection, stopped.signal);
    }),
    ...resourceMethods({ api, warn: warnings(engineAddress) }),
    cancel: unary(() => {
      stopped.abort(new Error("interrupted"));
      return new empty.Empty();
    }),
  };
}
