import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { LiteLlmApi } from "../../../litellm/client.ts";
import { LiteLlmError, NotLiteLlm, Unreachable } from "../../../litellm/errors.ts";
import { apiOf, READY, serveApi } from "../../support/litellm-api.ts";

describe("a call", () => {
  it("is sent with the key, the query and the body", async () => {
    const { endpoint, received } = await serveApi(() => [200, { done: true }]);
    const api = apiOf(`${endpoint}/`);
    expect(await api.get("/key/info", { key: "a b" })).toEqual({ done: true });
    await api.ask("/budget/info", { budgets: ["b"] });
    expect(received).toMatchObject([
      { method: "GET", path: "/key/info?key=a+b", body: undefined },
      { method: "POST", path: "/budget/info", body: { budgets: ["b"] } },
    ]);
    expect(received.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill("Bearer sk-master"));
  });

  it("tells what LiteLLM refuses, and what is no answer of LiteLLM's", async () => {
    const { endpoint } = await serveApi((path) => [path === "/no" ? 403 : 307, { detail: "not you" }]);
    await expect(apiOf(endpoint).get("/no")).rejects.toThrow("`GET /no` was answered with 403: not you");
    // Nor does it follow a redirect, with the key.
    await expect(apiOf(endpoint).get("/moved")).rejects.toThrow(LiteLlmError);
    const page = createServer((_, response) =>
      response.setHeader("content-type", "text/html; charset=utf-8").end("<html>"),
    );
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    const error = await apiOf(url)
      .get("/x")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotLiteLlm);
    expect((error as Error).message).toBe(
      `\`GET /x\` was answered with 200: what answers at \`${url}\` is not LiteLLM (it sends \`text/html\` instead of JSON); check the address`,
    );
    page.close();
  });

  it("ends after its time, and says so", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const api = apiOf(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    for (const call of [api.get("/x", {}, 0.1), api.ask("/x", {}, 0.1)]) {
      const error = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Unreachable);
      expect(error).toMatchObject({
        timedOut: true,
        reason: "no answer within 0.1 s",
        message: expect.stringContaining("does not answer (no answer within 0.1 s)"),
      });
    }
    silent.closeAllConnections();
    silent.close();
  });

  it.each(["127.0.0.1", "localhost"])("of %s where nobody listens says why", async (host) => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await apiOf(`http://${host}:${port}`)
      .get("/x")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ timedOut: false, reason: expect.stringContaining("ECONNREFUSED") });
  });
});

describe("a change", () => {
  it("waits until the proxy is ready, and is sent once", async () => {
    const { endpoint, received } = await serveApi((path) => {
      if (path !== "/health/readiness") return [200, { done: true }];
      const started = received.length > 2;
      return started ? [200, READY] : [503, { error: { message: "starting" } }];
    });
    expect(await apiOf(endpoint).change("/team/new", {})).toEqual({ done: true });
    expect(received.map(({ path }) => path)).toEqual([
      "/health/readiness",
      "/health/readiness",
      "/health/readiness",
      "/team/new",
    ]);
  });

  it("gives up on a proxy that is not ready in time, and says how long it waited", async () => {
    const { endpoint } = await serveApi(() => [200, { status: "healthy", db: "Not connected" }]);
    await expect(apiOf(endpoint, 1).change("/team/new", {})).rejects.toThrow(
      /has no database \(it says `Not connected`\); waited 1 s/,
    );
  });

  it("is not tried again when LiteLLM refuses", async () => {
    let changes = 0;
    const { endpoint } = await serveApi((path) =>
      path === "/health/readiness" ? [200, READY] : [500, { error: { message: `try ${++changes}` } }],
    );
    await expect(apiOf(endpoint).change("/team/new", {})).rejects.toThrow("answered with 500: try 1");
    expect(changes).toBe(1);
  });

  it("ends when Pulumi is interrupted", async () => {
    const stopped = new AbortController();
    const waiting = new LiteLlmApi({ endpoint: "http://127.0.0.1:1", key: "sk-m" }, stopped.signal, 60);
    setTimeout(() => stopped.abort(new Error("interrupted")), 200);
    await expect(waiting.change("/team/new", {})).rejects.toThrow(/interrupted|aborted/);
  });
});
