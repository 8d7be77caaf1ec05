import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Engine } from "../../src/restarting-engine.ts";
import { engineServer } from "../../src/server.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function fakeEngine() {
  return {
    query: vi.fn<Engine["query"]>(async () => ({ data: { result: 1 } })),
    startTransaction: vi.fn<Engine["startTransaction"]>(async () => ({ id: "t" })),
    endTransaction: vi.fn<Engine["endTransaction"]>(async () => ({})),
    holds: vi.fn<Engine["holds"]>(() => false),
    stop: vi.fn<Engine["stop"]>(async () => {}),
    retire: vi.fn<Engine["retire"]>(async () => {}),
  };
}

async function served(engine: Engine) {
  const log = vi.fn();
  const server = engineServer({ engine, log, maxBodyBytes: 100 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const call = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { connection: "close", ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: await response.text() };
  };
  return { call, log };
}

describe("the server", () => {
  it("answers status and metrics in both formats", async () => {
    const { call } = await served(fakeEngine());
    expect(await call("GET", "/status")).toEqual({ status: 200, body: '{"status":"ok"}' });
    expect((await call("GET", "/metrics?format=json")).body).toBe(
      '{"counters":[],"gauges":[],"histograms":[]}',
    );
    expect((await call("GET", "/metrics?format=prometheus")).body).toBe("");
  });

  it("hands queries on, with their transaction", async () => {
    const engine = fakeEngine();
    const { call } = await served(engine);
    expect((await call("POST", "/", '{"query":"q"}')).body).toBe('{"data":{"result":1}}');
    await call("POST", "/", '{"batch":[{"query":"q"}]}', { "x-transaction-id": "t" });
    expect(engine.query.mock.calls).toEqual([
      [{ query: "q" }, undefined],
      [{ batch: [{ query: "q" }] }, "t"],
    ]);
  });

  it("opens and ends transactions", async () => {
    const engine = fakeEngine();
    const { call } = await served(engine);
    expect((await call("POST", "/transaction/start", '{"timeout":1}')).body).toBe('{"id":"t"}');
    await call("POST", "/transaction/t/commit");
    await call("POST", "/transaction/t/rollback");
    expect(engine.startTransaction).toHaveBeenCalledWith({ timeout: 1 });
    expect(engine.endTransaction.mock.calls).toEqual([
      ["t", "commit"],
      ["t", "rollback"],
    ]);
  });

  it.each([
    ["GET", "/nothing", undefined, 404],
    ["GET", "//", undefined, 404],
    ["DELETE", "/", undefined, 404],
    ["POST", "/status", "{}", 404],
    ["POST", "/", "", 400],
    ["POST", "/transaction/t/explode", "{}", 404],
    ["POST", "/", "not JSON", 400],
    ["POST", "/", "[]", 400],
    ["POST", "/", "{}", 400],
    ["POST", "/", '{"batch":[{}]}', 400],
    ["POST", "/", `{"query":"${"x".repeat(200)}"}`, 413],
  ])("answers %s %s with %j by an error", async (method, path, body, status) => {
    const { call, log } = await served(fakeEngine());
    expect((await call(method, path, body)).status).toBe(status);
    expect(log).toHaveBeenCalledOnce();
  });

  it("answers and logs an error of the engine, and stays", async () => {
    const engine = fakeEngine();
    engine.query.mockRejectedValueOnce(new Error("broken"));
    const { call, log } = await served(engine);
    expect(await call("POST", "/", '{"query":"q"}')).toEqual({ status: 500, body: '{"error":"broken"}' });
    expect(log).toHaveBeenCalledWith("POST /: broken");
    expect((await call("POST", "/", '{"query":"q"}')).status).toBe(200);
  });
});
