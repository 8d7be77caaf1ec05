import { LiteLlmApi } from "../../litellm/client.ts";
import type { Outputs } from "../pulumi/stack.ts";

/** What of a stack's outputs it takes to call its proxy. */
export type ProxyAccess = Pick<Outputs, "proxyUrl" | "masterKey">;

/** The API of the deployed proxy, with the master key. */
export const proxyApi = ({ proxyUrl, masterKey }: ProxyAccess) =>
  new LiteLlmApi({ endpoint: proxyUrl, key: masterKey });
