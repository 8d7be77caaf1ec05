import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { errorBody, LiteLlmApi, LiteLlmError, Unreachable, withoutKeys } from "../../../litellm/client.ts";
import { keyKind, tokenOf } from "../../../provider/resource-types/key.ts";
import { modelKind } from "../../../provider/resource-types/model.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

type Answer = (request: IncomingMessage, body: string) => [status: number, body: unknown];

/** A server on loopback in LiteLLM's place, for what a real one does not do on demand. */
async function serve(answer: Answer): Promise<string> {
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const [status, body] = answer(request, text);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const api = (endpoint: string, seconds = 3) =>
  new LiteLlmApi({ endpoint, masterKey: "sk-master" }, new AbortController().signal, seconds);
const ready = { status: "healthy", db: "connected" };

describe("errorBody", () => {
  it.each([
    ['{"error":{"message":"no","type":"budget_exceeded"}}', { message: "no", type: "budget_exceeded" }],
    ['{"detail":{"error":"team not found"}}', { message: "team not found" }],
    ['{"detail":{"message":"gone"}}', { message: "gone" }],
    ['{"detail":"Not Found"}', { message: "Not Found" }],
    ['{"detail":[{"loc":["body"],"msg":"bad"}]}', { message: '[{"loc":["body"],"msg":"bad"}]' }],
    ["<html>", { message: "<html>" }],
  ])("finds LiteLLM's words in %s", (body, expected) => expect(errorBody(body)).toEqual(expected));
});

it("errors carry LiteLLM's own message and type, and no key", () => {
  const body = JSON.stringify({ error: { message: "bad key sk-abc_DEF-1.2", type: "auth_error" } });
  const error = new LiteLlmError("POST /key/new", 401, body);
  expect(error).toMatchObject({
    message: "`POST /key/new` was answered with 401: bad key sk-***",
    status: 401,
    type: "auth_error",
  });
  expect(withoutKeys("no key here")).toBe("no key here");
});

describe("a change", () => {
  it("waits until the proxy is ready, and is sent once", async () => {
    const calls: string[] = [];
    const endpoint = await serve(({ url = "" }) => {
      calls.push(url);
      if (url !== "/health/readiness") return [200, { done: true }];
      const started = calls.length > 2;
      return started ? [200, ready] : [503, { error: { message: "starting" } }];
    });
    expect(await api(endpoint).change("/team/new", {})).toEqual({ done: true });
    expect(calls).toEqual(["/health/readiness", "/health/readiness", "/health/readiness", "/team/new"]);
  });

  it("gives up on a proxy that is not ready in time, and says how long it waited", async () => {
    const endpoint = await serve(() => [200, { status: "healthy", db: "Not connected" }]);
    await expect(api(endpoint, 1).change("/team/new", {})).rejects.toThrow(
      /has no database \(it says `Not connected`\); waited 1 s/,
    );
  });

  it("is not tried again when LiteLLM refuses", async () => {
    let changes = 0;
    const endpoint = await serve(({ url }) =>
      url === "/health/readiness" ? [200, ready] : [500, { error: { message: `try ${++changes}` } }],
    );
    await expect(api(endpoint).change("/team/new", {})).rejects.toThrow("answered with 500: try 1");
    expect(changes).toBe(1);
  });

  it("ends when Pulumi is interrupted", async () => {
    const stopped = new AbortController();
    const waiting = new LiteLlmApi({ endpoint: "http://127.0.0.1:1", masterKey: "sk-m" }, stopped.signal, 60);
    setTimeout(() => stopped.abort(new Error("interrupted")), 200);
    await expect(waiting.change("/team/new", {})).rejects.toThrow(/interrupted|aborted/);
  });
});

describe("read", () => {
  it("says gone for a 404 alone", async () => {
    let status = 404;
    const endpoint = await serve(() => [status, { error: { message: "Key not found" } }]);
    expect(await keyKind.read(api(endpoint), "id", {})).toBeUndefined();
    for (status of [401, 500, 503])
      await expect(keyKind.read(api(endpoint), "id", {})).rejects.toThrow(LiteLlmError);
    await expect(keyKind.read(api("http://127.0.0.1:1"), "id", {})).rejects.toThrow(Unreachable);
  });

  it("takes LiteLLM's 400 of a model that is not there for gone, and no other 400", async () => {
    let message = "Model id = x not found on litellm proxy";
    const endpoint = await serve(() => [400, { detail: { error: message } }]);
    expect(await modelKind.read(api(endpoint), "x", {})).toBeUndefined();
    message = "no";
    await expect(modelKind.read(api(endpoint), "x", {})).rejects.toThrow("answered with 400: no");
  });
});

it("a model whose new form LiteLLM refuses gets its old one back", async () => {
  const calls: string[] = [];
  const endpoint = await serve(({ url = "" }, body) => {
    if (url === "/health/readiness") return [200, ready];
    calls.push(`${url} ${JSON.parse(body).litellm_params?.model ?? ""}`.trim());
    return body.includes("bad") ? [400, { error: { message: "unknown provider" } }] : [200, {}];
  });
  const [olds, news] = [
    { modelName: "m", model: "good" },
    { modelName: "m", model: "bad" },
  ];
  await expect(modelKind.update(api(endpoint), "x", olds, news, {})).rejects.toThrow("unknown provider");
  expect(calls).toEqual(["/model/delete", "/model/new bad", "/model/new good"]);
});

it("a key's generated value is sent, so that a lost answer leaves no unknown key", async () => {
  let sent = "";
  const endpoint = await serve(({ url = "" }, body) => {
    if (url === "/health/readiness") return [200, ready];
    if (url.startsWith("/key/info")) return [404, { error: { message: "Key not found" } }];
    sent = JSON.parse(body).key;
    return [200, { key: sent, expires: "2026-01-02T03:04:05.123456Z" }];
  });
  const { id, outputs } = await keyKind.create(api(endpoint), {});
  expect(sent).toMatch(/^sk-[\w-]{32}$/);
  expect(id).toBe(tokenOf(sent));
  expect(outputs).toEqual({ key: sent, expires: "2026-01-02T03:04:05.123Z" });
});
