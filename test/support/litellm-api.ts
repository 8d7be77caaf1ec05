import { afterEach } from "vitest";
import { LiteLlmApi } from "../../litellm/client.ts";
import { json, type ProxyStub, proxyStub, type Received } from "./proxy-stub.ts";

/** An answer's status and body, for a request's path (with its query) and body. */
export type ApiAnswer = (path: string, request: Received) => [status: number, body: unknown];

let stub: ProxyStub | undefined;

/** Starts a server that answers in LiteLLM's place, for what a real one does not do on demand; it ends with the test. */
export async function serveApi(answer: ApiAnswer): Promise<{ endpoint: string; received: Received[] }> {
  stub = await proxyStub((request, response) => json(response, ...answer(request.path, request)));
  return { endpoint: stub.baseUrl.replace(/\/v1$/, ""), received: stub.received };
}

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

export const apiOf = (endpoint: string, readySeconds = 3) =>
  new LiteLlmApi({ endpoint, key: "sk-master" }, undefined, readySeconds);

/** What LiteLLM's `/health/readiness` answers when changes are possible. */
export const READY = { status: "healthy", db: "connected" };
