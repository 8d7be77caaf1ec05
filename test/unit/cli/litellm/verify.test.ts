import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { verifyModels } from "../../../../cli/litellm/verify.ts";
import type { ResolvedModel } from "../../../../config/stack-config.ts";

// A proxy on loopback that answers as the test says, and remembers what it was asked.
let server: Server | undefined;
const asked: { url: string | undefined; authorization: string | undefined; body: Record<string, unknown> }[] =
  [];

async function proxy(answer: (body: Record<string, unknown>) => [number, unknown]): Promise<string> {
  asked.length = 0;
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    asked.push({ url: request.url, authorization: request.headers.authorization, body });
    const [status, value] = answer(body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => new Promise((resolve) => server?.close(resolve)));

const onServer = (id: string) => ({
  id,
  tools: undefined,
  kind: "server" as const,
  server: id.split("@")[1] ?? "",
  model: "m",
});
const atProvider = (id: string) => ({
  id,
  tools: undefined,
  kind: "provider" as const,
  provider: "gemini" as const,
  model: "m",
  secret: "geminiApiKey",
});
const chat: ResolvedModel = {
  name: "m",
  mode: "chat",
  verify: false,
  store: "config",
  deployments: [onServer("m@a"), onServer("m@b")],
};

it("calls each deployment by its own id, once, for one token, without retries and fallbacks", async () => {
  const proxyUrl = await proxy(() => [200, { choices: [{}] }]);
  const results = await verifyModels({ proxyUrl, masterKey: "sk-1" }, [chat]);
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["m@a", "answers"],
    ["m@b", "answers"],
  ]);
  expect(asked).toHaveLength(2);
  for (const { url, authorization, body } of asked) {
    expect(url).toBe("/v1/chat/completions");
    expect(authorization).toBe("Bearer sk-1");
    expect(body).toMatchObject({ max_tokens: 1, num_retries: 0, disable_fallbacks: true });
  }
  expect(asked.map(({ body }) => body.model).sort()).toEqual(["m@a", "m@b"]);
});

it("says which deployment of a name fails, in LiteLLM's own words", async () => {
  const proxyUrl = await proxy(({ model }) =>
    model === "m@b" ? [500, { error: { message: "connection refused" } }] : [200, { choices: [{}] }],
  );
  const results = await verifyModels({ proxyUrl, masterKey: "sk-1" }, [chat]);
  expect(results[1]).toMatchObject({
    id: "m@b",
    server: "b",
    verdict: "fails",
    reason: "500: connection refused",
  });
});

it("asks an embedding model for an embedding, and is not content with an empty one", async () => {
  const proxyUrl = await proxy(({ model }) => [200, { data: [{ embedding: model === "e@a" ? [0.1] : [] }] }]);
  const embedding: ResolvedModel = {
    ...chat,
    name: "e",
    mode: "embedding",
    deployments: [onServer("e@a"), onServer("e@b")],
  };
  const results = await verifyModels({ proxyUrl, masterKey: "sk-1" }, [embedding]);
  expect(results.map(({ verdict }) => verdict)).toEqual(["answers", "fails"]);
  expect(asked[0]?.url).toBe("/v1/embeddings");
});

it("calls a provider, which costs money, only on request", async () => {
  const proxyUrl = await proxy(() => [200, { choices: [{}] }]);
  const cloud: ResolvedModel = { ...chat, deployments: [atProvider("m@gemini")] };
  expect((await verifyModels({ proxyUrl, masterKey: "k" }, [cloud]))[0]?.verdict).toBe("not verified");
  expect(asked).toHaveLength(0);
  expect((await verifyModels({ proxyUrl, masterKey: "k" }, [{ ...cloud, verify: true }]))[0]?.verdict).toBe(
    "answers",
  );
});

it("names the time-out and a proxy that is not there, without the key", async () => {
  const [gone] = await verifyModels({ proxyUrl: "http://127.0.0.1:1", masterKey: "sk-secret" }, [chat]);
  expect(gone?.reason).toContain("the proxy does not answer");
  expect(JSON.stringify(gone)).not.toContain("sk-secret");
  server = createServer(() => undefined);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const silent = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [slow] = await verifyModels({ proxyUrl: silent, masterKey: "sk-secret" }, [chat], 0.2);
  expect(slow?.reason).toBe("no answer within 0.2 s");
  server.closeAllConnections();
});
