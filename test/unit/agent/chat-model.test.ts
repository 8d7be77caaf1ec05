import { tool } from "@langchain/core/tools";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { chatModel } from "../../../agent/chat-model.ts";
import { reactLoop } from "../../../agent/loops/react.ts";
import { toolCallsLoop } from "../../../agent/loops/tool-calls.ts";
import { type Answers, json, type ProxyStub, proxyStub, refusal, stream } from "../../support/proxy-stub.ts";

let proxy: ProxyStub | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy?.close();
  proxy = undefined;
});

async function setUp(answers: Answers) {
  proxy = await proxyStub(answers);
  return {
    received: proxy.received,
    model: chatModel({ baseUrl: proxy.baseUrl, key: "sk-agent" }, { model: "m", maxTokens: 99 }),
  };
}

const add = tool(({ a, b }) => `${a + b}`, {
  name: "add",
  description: "Adds.",
  schema: z.object({ a: z.number(), b: z.number() }),
});
const called = (id: string, args: string) => ({
  tool_calls: [{ index: 0, id, type: "function", function: { name: "add", arguments: args } }],
});

describe("the chat model", () => {
  it("asks the proxy for a stream with usage, with the key, and nothing from the environment", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-other");
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    vi.stubEnv("OPENAI_ORGANIZATION", "org-other");
    vi.stubEnv("OPENAI_ORG_ID", "org-other");
    vi.stubEnv("OPENAI_PROJECT_ID", "proj-other");
    const { model, received } = await setUp((_, response) => stream(response, [{ content: "Hi" }]));
    const chunks = [];
    for await (const chunk of await model.stream("Hello")) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.text).join("")).toBe("Hi");
    expect(chunks.find((chunk) => chunk.usage_metadata)?.usage_metadata).toMatchObject({
      input_tokens: 7,
      output_tokens: 3,
    });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      body: { model: "m", stream: true, stream_options: { include_usage: true }, max_tokens: 99 },
    });
    expect(received[0]?.headers.authorization).toBe("Bearer sk-agent");
    expect(JSON.stringify(received[0]?.headers)).not.toMatch(/org-other|proj-other/);
  });

  it("does not try again by itself", async () => {
    const { model, received } = await setUp((_, response) =>
      json(response, 503, refusal("None", "down", 503)),
    );
    await expect(model.invoke("Hi")).rejects.toThrow();
    expect(received).toHaveLength(1);
  });
});

describe("the loops over HTTP", () => {
  it("call a tool and give its result back, streamed, with the tokens that the proxy counts", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const { model, received } = await setUp((request, response) =>
      (request.body?.messages as unknown[]).length < 4
        ? stream(response, [
            called("call_1", '{"a": 2, '),
            { tool_calls: [{ index: 0, function: { arguments: '"b": 3}' } }] },
          ])
        : stream(response, [{ content: "It " }, { content: "is 5." }]),
    );
    const pieces: string[] = [];
    const { answer } = await toolCallsLoop({
      model,
      tools: [add],
      window: 4096,
      price: { input: 1e-6, output: 1e-5 },
    }).ask({
      question: "2 + 3?",
      history: [],
      onEvent: (event) => event.type === "text" && pieces.push(event.text),
    });
    expect(answer).toMatchObject({
      answer: "It is 5.",
      toolCalls: [{ name: "add", args: { a: 2, b: 3 }, ok: true }],
      tokens: { input: 14, output: 6 },
      costUsd: 14e-6 + 6e-5,
    });
    expect(pieces).toEqual(["It ", "is 5."]);
    expect(received[0]?.body).toMatchObject({ stream: true, tools: [{ function: { name: "add" } }] });
    const messages = received[1]?.body?.messages as {
      role: string;
      content: string;
      tool_call_id?: string;
    }[];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(messages[3]).toMatchObject({
      tool_call_id: "call_1",
      content: expect.stringContaining("<tool_result>\n5\n"),
    });
    for (const [url] of fetched.mock.calls) expect(new URL(`${url}`).hostname).toBe("127.0.0.1");
    fetched.mockRestore();
  });

  it("repair a tool call whose arguments are not JSON", async () => {
    const { model } = await setUp((request, response) =>
      (request.body?.messages as unknown[]).length < 4
        ? stream(response, [called("call_1", "{'a': 2, 'b': 3,}")])
        : stream(response, [{ content: "5" }]),
    );
    const { answer } = await toolCallsLoop({ model, tools: [add], window: 4096 }).ask({
      question: "?",
      history: [],
    });
    expect(answer).toMatchObject({ answer: "5", toolCalls: [{ args: { a: 2, b: 3 }, ok: true }] });
  });

  it("send no tools in the ReAct way, but where to stop", async () => {
    const { model, received } = await setUp((request, response) =>
      (request.body?.messages as unknown[]).length < 4
        ? stream(response, [
            { content: "Thought: t\nAct" },
            { content: 'ion: add\nAction Input: {"a": 2, "b": 3}' },
          ])
        : stream(response, [{ content: "Final Answer: It " }, { content: "is 5." }]),
    );
    const { answer } = await reactLoop({ model, tools: [add], window: 4096 }).ask({
      question: "?",
      history: [],
    });
    expect(answer).toMatchObject({ answer: "It is 5.", tokens: { input: 14, output: 6 } });
    expect(received[0]?.body).not.toHaveProperty("tools");
    expect(received[0]?.body).toMatchObject({ stop: ["\nObservation:"] });
    expect((received[1]?.body?.messages as { role: string }[]).map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
    ]);
  });

  it.each([
    ["tool calls", toolCallsLoop],
    ["ReAct", reactLoop],
  ])("try again in one place only: %s", async (_, loopOf) => {
    const { model, received } = await setUp((_request, response) =>
      json(response, 503, refusal("None", "down", 503)),
    );
    const ask = loopOf({ model, tools: [add], window: 4096, retry: { times: 2, firstWait: 0.001 } }).ask({
      question: "?",
      history: [],
    });
    await expect(ask).rejects.toMatchObject({ status: 503 });
    expect(received).toHaveLength(3);
  });

  it.each([
    ["tool calls", toolCallsLoop],
    ["ReAct", reactLoop],
  ])("send nothing to LangSmith, even if tracing is on: %s", async (_, loopOf) => {
    const langSmith = await proxyStub((_request, response) => json(response, 200, {}));
    vi.stubEnv("LANGSMITH_TRACING", "true");
    vi.stubEnv("LANGSMITH_API_KEY", "lsv2_test");
    vi.stubEnv("LANGSMITH_ENDPOINT", langSmith.baseUrl);
    const { model } = await setUp((request, response) =>
      (request.body?.messages as unknown[]).length < 4
        ? stream(
            response,
            request.body?.tools === undefined
              ? [{ content: 'Action: add\nAction Input: {"a": 2, "b": 3}' }]
              : [called("call_1", '{"a": 2, "b": 3}')],
          )
        : stream(response, [{ content: "Final Answer: 5" }]),
    );
    const { answer } = await loopOf({ model, tools: [add], window: 4096 }).ask({
      question: "?",
      history: [],
    });
    expect(answer.toolCalls).toHaveLength(1);
    // The tracer would send in the background.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(langSmith.received.map(({ path }) => path)).toEqual([]);
    await langSmith.close();
  });

  it.each([
    ["tool calls", toolCallsLoop],
    ["ReAct", reactLoop],
  ])("let go of the connection when they are aborted: %s", async (_, loopOf) => {
    const abort = new AbortController();
    let closed: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { model } = await setUp((_request, response) => {
      response.on("close", () => closed());
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"id":"1","choices":[{"index":0,"delta":{"content":"On and "}}]}\n\n');
    });
    const { answer } = await loopOf({ model, tools: [], window: 4096 }).ask({
      question: "?",
      history: [],
      signal: abort.signal,
      onEvent: ({ type }) => type === "text" && abort.abort(),
    });
    expect(answer).toMatchObject({ ended: "aborted", answer: expect.stringMatching(/^On and/) });
    await gone;
  });
});
