import { LiteLlmApi } from "../../litellm/client.ts";
import type { Outputs } from "../pulumi/stack.ts";

/** The outputs of a stack that lead to its proxy. */
export type ProxyAccess = Pick<Outputs, "proxyUrl" | "masterKey">;

/** The API of the deployed proxy, with the master key. */
export const proxyApi = ({ proxyUrl, masterKey }: ProxyAccess) =>
  new LiteLlmApi({ endpoint: proxyUrl, key: masterKey });
