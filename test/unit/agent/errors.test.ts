import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { chatModel } from "../../../agent/chat-model.ts";
import {
  AgentError,
  agentError,
  type ErrorKind,
  failureOf,
  isTransient,
  notUp,
} from "../../../agent/errors.ts";
import { type Answers, json, type ProxyStub, proxyStub, refusal, stream } from "../../support/proxy-stub.ts";

const KEY = "sk-secret-of-the-agent-0123456789";
const context = { baseUrl: "http://127.0.0.1:4000/v1", model: "tinylama", models: ["tinyllama", "gemini"] };

let proxy: ProxyStub | undefined;
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

/** What ChatOpenAI throws for an answer, streamed and not. */
async function thrown(answers: Answers, { streamed = true, timeoutMs = 5000 } = {}): Promise<unknown> {
  proxy = await proxyStub(answers);
  return await thrownAt(proxy.baseUrl, { streamed, timeoutMs });
}
async function thrownAt(baseUrl: string, { streamed = true, timeoutMs = 5000 } = {}): Promise<unknown> {
  const model = chatModel({ baseUrl, key: KEY }, { model: "tinylama", timeoutMs });
  try {
    if (!streamed) await model.invoke("Hi");
    else for await (const _ of await model.stream("Hi"));
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("LiteLLM's errors, as LangChain throws them", () => {
  it.each<[string, ErrorKind, boolean, number, string, string]>([
    [
      "a model outside the key's list, 1.73.0",
      "modelNotAllowed",
      false,
      401,
      "key_model_access_denied",
      "key not allowed to access model",
    ],
    [
      "a model outside the key's list, 1.106.2",
      "modelNotAllowed",
      false,
      403,
      "key_model_access_denied",
      "key not allowed to access model",
    ],
    [
      "a model outside the team's list",
      "modelNotAllowed",
      false,
      401,
      "team_model_access_denied",
      "team not allowed",
    ],
    [
      "a spent budget, 1.73.0",
      "budgetSpent",
      false,
      400,
      "budget_exceeded",
      "Budget has been exceeded! Current cost: 1, Max budget: 0.5",
    ],
    ["a spent budget, 1.106.2", "budgetSpent", false, 422, "budget_exceeded", "Budget has been exceeded!"],
    ["a spent budget as 429", "budgetSpent", false, 429, "budget_exceeded", "Budget has been exceeded!"],
    [
      "a wrong key",
      "keyRefused",
      false,
      401,
      "token_not_found_in_db",
      `Authentication Error, Invalid proxy server token passed. Received API Key = sk-...6789, Key Hash (Token) =${"a".repeat(64)}.`,
    ],
    ["an expired key", "keyRefused", false, 401, "expired_key", "Authentication Error - Expired Key."],
    [
      "a malformed key",
      "keyRefused",
      false,
      401,
      "auth_error",
      `Authentication Error, LiteLLM Virtual Key expected. Received=${KEY}, expected to start with 'sk-'.`,
    ],
    [
      "an unknown model, 1.73.0",
      "modelUnknown",
      false,
      400,
      "None",
      "/chat/completions: Invalid model name passed in model=tinylama. Call `/v1/models` to view available models for your key.",
    ],
    [
      "an unknown model, 1.106.2",
      "modelUnknown",
      false,
      400,
      "invalid_request_error",
      "/chat/completions: Invalid model name passed in model=tinylama.",
    ],
    ["too many requests, 1.73.0", "rateLimit", true, 429, "None", "Max parallel request limit reached"],
    ["too many requests, by type", "rateLimit", true, 429, "throttling_error", "Rate limit exceeded"],
    [
      "a context that is too long",
      "contextTooLong",
      false,
      400,
      "None",
      "litellm.ContextWindowExceededError: litellm.BadRequestError: too long",
    ],
    [
      "a context that is too long, in a server's words",
      "contextTooLong",
      false,
      400,
      "invalid_request_error",
      "This model's maximum context length is 2048 tokens",
    ],
    ["a failing server", "upstream", true, 500, "None", "litellm.APIConnectionError: Ollama_chatException"],
    ["an overloaded server", "upstream", true, 503, "None", "litellm.ServiceUnavailableError"],
    [
      "servers that all failed a moment ago",
      "upstream",
      true,
      429,
      "None",
      "No deployments available for selected model, Try again in 5 seconds.",
    ],
    [
      "a provider that refuses its key",
      "upstream",
      false,
      401,
      "None",
      "litellm.AuthenticationError: GeminiException - API key not valid",
    ],
    ["a time-out behind the proxy", "timeout", false, 408, "None", "litellm.Timeout: Connection timed out"],
    ["another bad request", "other", false, 400, "None", "temperature must be below 2"],
  ])("%s: %s", async (_, kind, transient, status, type, message) => {
    for (const streamed of [true, false]) {
      const error = await thrown(
        (_request, response) => json(response, status, refusal(type, message, status)),
        { streamed },
      );
      await proxy?.close();
      const told = agentError(error, context);
      expect(told).toMatchObject({ kind, name: "AgentError", cause: error });
      expect(isTransient(failureOf(error))).toBe(transient);
      expect(told.message).toMatch(/`[^`]+`/);
      expect(told.message).not.toMatch(/secret-of-the-agent|a{64}|Troubleshooting|\n/);
    }
  });

  it("an error within a stream, which has no status", async () => {
    const error = await thrown((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        `data: ${JSON.stringify(refusal("None", "litellm.APIConnectionError: the server went away", 500))}\n\n`,
      );
    });
    expect(agentError(error, context).kind).toBe("upstream");
    expect(isTransient(failureOf(error))).toBe(true);
  });

  it("a budget that is spent within a stream", async () => {
    const error = await thrown((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        `data: ${JSON.stringify(refusal("budget_exceeded", "Budget has been exceeded!", 400))}\n\n`,
      );
    });
    expect(agentError(error, context).kind).toBe("budgetSpent");
  });

  it("reads how long to wait", async () => {
    const error = await thrown((_, response) =>
      json(response, 429, refusal("throttling_error", "slow down", 429), { "retry-after": "12" }),
    );
    expect(failureOf(error).retryAfter).toBe(12);
    const dated = { status: 429, headers: new Headers({ "retry-after": "Thu, 01 Jan 1970 00:00:20 GMT" }) };
    expect(failureOf(dated, 5000).retryAfter).toBe(15);
  });
});

describe("what is not LiteLLM", () => {
  const sending = (type: string, body: string) =>
    thrown((_, response) => {
      response.writeHead(200, { "content-type": type }).end(body);
    });

  it.each<[string, string, string]>([
    ["text/html; charset=utf-8", "<!doctype html><p>Hi", "`text/html` instead of a stream of events"],
    ["application/json", "<html>", "what is not a stream of events"],
    ["application/json", '{"choices":[]}', "what is not a stream of events"],
    ["text/plain", "ok", "`text/plain` instead of a stream of events"],
  ])("but answers with `%s` is told with its address, and not asked again: %s", async (type, body, sent) => {
    const error = await sending(type, body);
    expect(failureOf(error).kind).toBe("notLiteLlm");
    expect(isTransient(failureOf(error))).toBe(false);
    expect(agentError(error, context).message).toBe(
      `What answers at \`http://127.0.0.1:4000/v1\` is not LiteLLM (it sends ${sent}): if \`LLM_STACK_URL\` is set, it must be the address of a LiteLLM proxy; if not, another program may have its port: \`npm run status\` shows what runs.`,
    );
  });

  it("but sends events that are not JSON is told", async () => {
    const error = await sending("text/event-stream", "data: <html>\n\n");
    expect(agentError(error, context)).toMatchObject({
      kind: "notLiteLlm",
      message: expect.stringContaining("What answers at `http://127.0.0.1:4000/v1` is not LiteLLM"),
    });
  });

  it.each([
    ["text/html", "<html>", "`text/html` instead of a chat completion"],
    ["application/json", "<html>", "what is not a chat completion"],
    ["application/json", '{"hello":1}', "what is not a chat completion"],
  ])("is told without a stream too: `%s` %s", async (type, body, sent) => {
    const error = await thrown((_, response) => response.writeHead(200, { "content-type": type }).end(body), {
      streamed: false,
    });
    expect(agentError(error, context)).toMatchObject({
      kind: "notLiteLlm",
      message: expect.stringContaining(sent),
    });
  });
});

describe("connections", () => {
  it("that nobody takes are told with how to fix it, and not tried again", async () => {
    const closed = await proxyStub(() => {});
    await closed.close();
    const error = await thrownAt(closed.baseUrl);
    expect(failureOf(error)).toMatchObject({ kind: "noAnswer", connection: "ECONNREFUSED" });
    expect(isTransient(failureOf(error))).toBe(false);
    expect(agentError(error, context).message).toBe(
      "Nothing answers for the proxy at `http://127.0.0.1:4000/v1` (ECONNREFUSED): run `npm run up`; `npm run status` shows what runs.",
    );
  });

  it("to names that do not exist are told, and not tried again", async () => {
    const error = await thrownAt("http://nowhere.invalid:4000/v1");
    expect(agentError(error, context).kind).toBe("noAnswer");
    expect(isTransient(failureOf(error))).toBe(false);
  });

  it("that break before an answer are tried again", async () => {
    const server = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const error = await thrownAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    server.close();
    expect(failureOf(error).kind).toBe("noAnswer");
    expect(isTransient(failureOf(error))).toBe(true);
  });

  it("that break within an answer are tried again", async () => {
    const error = await thrown((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n', () =>
        setTimeout(() => response.destroy(), 20),
      );
    });
    expect(failureOf(error).kind).toBe("noAnswer");
    expect(isTransient(failureOf(error))).toBe(true);
    expect(agentError(error, context).message).toMatch(/connection to the proxy at .* broke/);
  });

  it("without an answer in time are told as that", async () => {
    const error = await thrown(() => {}, { timeoutMs: 100 });
    expect(agentError(error, context).kind).toBe("timeout");
    expect(
      agentError(AbortSignal.timeout(0).reason ?? new DOMException("late", "TimeoutError"), context).kind,
    ).toBe("timeout");
  });
});

describe("messages", () => {
  const of = (status: number, type: string, message = "said so") =>
    agentError({ status, error: { type, message } }, context).message;
  it("name the place and how to fix it", () => {
    expect([
      notUp("dev", "it has no output").message,
      of(401, "token_not_found_in_db"),
      of(401, "key_model_access_denied"),
      of(400, "budget_exceeded"),
      of(429, "throttling_error"),
      of(400, "None", "Invalid model name passed in"),
      of(408, "None"),
      of(400, "None", "context_length_exceeded"),
      of(502, "None"),
      of(418, "None"),
    ]).toMatchInlineSnapshot(`
      [
        "The stack \`dev\` is not up (it has no output): \`npm run up\` brings it up. For another proxy, set \`LLM_STACK_URL\` and \`LLM_STACK_KEY\`.",
        "The key was refused by the proxy at \`http://127.0.0.1:4000/v1\` (said so): \`npm run up\` restores the stack's own key; if \`LLM_STACK_KEY\` is set, it must be one of \`keys\` in \`Pulumi.<stack>.yaml\` that has not expired.",
        "The key may not use \`tinylama\` (did you mean \`tinyllama\`?): add it to \`models\` of the key (and of its team) under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`, or choose another with \`--model\`: \`tinyllama\`, \`gemini\`.",
        "The budget of the key is spent: \`npm run spend\` shows what on; raise \`maxBudget\` of the key (or of its team) under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`, or wait until its \`budgetDuration\` is over.",
        "Too many requests to \`tinylama\` (said so): wait a minute, or, if it is not its provider's limit, raise \`rpmLimit\` or \`tpmLimit\` of the key under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`.",
        "There is no model \`tinylama\` at the proxy at \`http://127.0.0.1:4000/v1\` (did you mean \`tinyllama\`?). Choose one with \`--model\`: \`tinyllama\`, \`gemini\`.",
        "\`tinylama\` did not answer in time: ask for less, or choose another with \`--model\`: \`tinyllama\`, \`gemini\`; \`npm run status\` shows whether its servers are healthy.",
        "The conversation does not fit into the context of \`tinylama\`: begin a new one (\`/reset\`), ask for less, or choose another with \`--model\`: \`tinyllama\`, \`gemini\`.",
        "The model \`tinylama\` fails behind the proxy at \`http://127.0.0.1:4000/v1\` (502: said so): \`npm run status\` and \`npm run logs\` show why, or choose another with \`--model\`: \`tinyllama\`, \`gemini\`.",
        "Asking \`tinylama\` at the proxy at \`http://127.0.0.1:4000/v1\` failed (418): said so",
      ]
    `);
  });

  it("suggest what was meant, and say where to look when nothing is known", () => {
    expect(of(401, "key_model_access_denied")).toContain("(did you mean `tinyllama`?)");
    expect(of(400, "None", "Invalid model name passed in")).toContain("(did you mean `tinyllama`?)");
    const told = agentError(
      { status: 400, error: { message: "Invalid model name" } },
      { ...context, models: [] },
    );
    expect(told.message).toContain("`npm run status` shows which there are");
  });

  it("stay as they are for what is one already, and take anything for a cause", () => {
    const told = new AgentError("other", "x");
    expect(agentError(told, context)).toBe(told);
    for (const odd of [undefined, null, "text", 7, {}, Object.assign(new Error("x"), { status: "y" })])
      expect(agentError(odd, context).kind).toBe("other");
  });

  it("end with a circle of causes", () => {
    const error = new Error("round");
    error.cause = error;
    expect(agentError(error, context).kind).toBe("other");
  });
});

describe("an answer", () => {
  it("is no error", async () => {
    await expect(thrown((_, response) => stream(response, [{ content: "Hi" }]))).rejects.toThrow(
      "nothing was thrown",
    );
  });
});
