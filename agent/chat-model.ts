/** A model of the proxy as LangChain's chat model. */

import { ChatOpenAI } from "@langchain/openai";

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
      ...(fetch === undefined ? {} : { fetch }),
    },
  });
}
