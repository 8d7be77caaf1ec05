/** A model of the proxy as LangChain's chat model. */

import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import { NotLiteLlm, sentInstead } from "../litellm/errors.ts";

export interface ChatModelOptions {
  readonly model: string;
  /** For the first byte of an answer, in milliseconds. Default: 60 seconds. A loop bounds the whole question. */
  readonly timeoutMs?: number;
  /** Longest answer. Default: 1024. */
  readonly maxTokens?: number;
  /** Default: what the model is set to. */
  readonly temperature?: number;
  /** Sends the requests. Default: Node.js's own. */
  readonly fetch?: typeof fetch;
}

/** A chat completion as far as it can be told from anything else. */
const completion = z.object({ choices: z.array(z.unknown()) });

/**
 * `fetch` that takes no page of something else for an answer: OpenAI's client would make an empty one of it, or fail with
 * what its parser says.
 *
 * @throws {NotLiteLlm} within the client's own error
 */
function fetchFrom(baseUrl: string, send: typeof fetch = globalThis.fetch): typeof fetch {
  return async (input, init) => {
    const answer = await send(input, init);
    if (!answer.ok) return answer;
    const streamed = typeof init?.body === "string" && /"stream":\s*true/.test(init.body);
    const type = answer.headers.get("content-type");
    const refuse = (wanted: string) => {
      const sent = sentInstead(type, wanted);
      return new NotLiteLlm("POST /v1/chat/completions", answer.status, baseUrl, sent);
    };
    if (streamed) {
      if (type?.startsWith("text/event-stream")) return answer;
      await answer.body?.cancel();
      throw refuse("a stream of events");
    }
    const text = await answer.text();
    if (!completion.safeParse(parsedJson(text)).success) throw refuse("a chat completion");
    return new Response(text, answer);
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A page, perhaps.
  }
}

/**
 * Everything that LangChain or OpenAI's client would otherwise take from environment variables is given here. It
 * does not retry: a loop does, and says so. It streams when it is asked to, with usage at the end; `streaming` is not
 * set, as LangChain would then count tokens with tables that it fetches from the internet.
 */
export function chatModel(
  endpoint: { readonly baseUrl: string; readonly key: string },
  { model, timeoutMs = 60_000, maxTokens = 1024, temperature, fetch }: ChatModelOptions,
): ChatOpenAI {
  return new ChatOpenAI({
    model,
    apiKey: endpoint.key,
    maxRetries: 0,
    timeout: timeoutMs,
    maxTokens,
    streamUsage: true,
    useResponsesApi: false,
    ...(temperature === undefined ? {} : { temperature }),
    configuration: {
      baseURL: endpoint.baseUrl,
      organization: null,
      project: null,
      // It would print what it cannot read, as it came.
      logLevel: "off",
      fetch: fetchFrom(endpoint.baseUrl, fetch),
    },
  });
}
