/** The loop for models that call tools: LangChain's agent. */

import { randomUUID } from "node:crypto";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, type BaseMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { jsonrepair } from "jsonrepair";
import { createAgent, createMiddleware } from "langchain";
import { fitHistory } from "../history.ts";
import { withRetries } from "../retry.ts";
import { CALLS_PER_STEP } from "./limits.ts";
import type { Loop, LoopOptions } from "./loop.ts";
import { historyBudget, sharedPrompt } from "./prompt.ts";
import { Run } from "./run.ts";
import { notRun } from "./tool-runner.ts";
import { UNTRACED } from "./untraced.ts";
import { fenced } from "./untrusted.ts";

export function toolCallsLoop(options: LoopOptions): Loop {
  const prompt = sharedPrompt(options);
  const tools = options.tools.map(({ name, description, schema }) =>
    JSON.stringify({ name, description, parameters: toJsonSchema(schema as never) }),
  );
  const budget = historyBudget(options, [prompt, ...tools].join("\n"));

  const middlewareOf = (run: Run) => {
    let failure: { readonly error: unknown } | undefined;
    let said: string | undefined;
    /** What the model is told after the result of its last call. */
    let note: { readonly after: string | undefined; readonly text: string } | undefined;
    const middleware = createMiddleware({
      name: "limits",
      wrapModelCall: async (request, handler) => {
        // A message without tool calls ends the agent.
        if (!run.mayStep()) return new AIMessage("");
        const messages = marked(await fitHistory(request.messages, budget));
        const sent = [new SystemMessage([prompt, ...tools].join("\n")), ...messages];
        try {
          const response = await withRetries(
            async () => {
              run.usage.sent(sent);
              try {
                return await handler({ ...request, messages });
              } catch (error) {
                run.usage.count();
                throw error;
              }
            },
            { ...options.retry, signal: run.signal, onRetry: run.stream.retried },
          );
          if (!AIMessage.isInstance(response)) throw new Error("The model answered with a command.");
          run.usage.count(response);
          const { message, left } = withinLimit(completed(response));
          note =
            left.length === 0 ? undefined : { after: message.tool_calls?.at(-1)?.id, text: notRun(left) };
          if (message.tool_calls?.length) {
            run.stream.aside();
            run.messages.push(message);
          } else {
            said = message.text;
          }
          return message;
        } catch (error) {
          failure ??= { error };
          throw error;
        }
      },
      wrapToolCall: async ({ toolCall: { id = "", name, args } }) => {
        const result = await run.tools.call({ id, name, args }, note?.after === id ? note.text : undefined);
        run.messages.push(result);
        return result;
      },
    });
    // LangChain wraps what a middleware throws.
    return {
      middleware,
      said: () => said,
      original: (error: unknown) => (failure === undefined ? error : failure.error),
    };
  };

  return {
    ask(ask) {
      const run = new Run(options, ask);
      const { middleware, said, original } = middlewareOf(run);
      const agent = createAgent({
        model: options.model,
        tools: [...options.tools],
        systemPrompt: prompt,
        middleware: [middleware],
      });
      return run.complete(async () => {
        try {
          await agent.invoke(
            { messages: [...ask.history, ...run.messages] },
            {
              signal: run.signal,
              callbacks: [
                UNTRACED,
                new Streamed((text) => {
                  run.usage.received(text);
                  run.stream.text(text);
                }),
              ],
              // Steps of LangGraph: a call of the model and its tools are two. The run's own limit comes first.
              recursionLimit: 4 * run.limits.steps + 20,
            },
          );
        } catch (error) {
          throw original(error);
        }
        return said();
      });
    },
  };
}

/** Hands over the text of the model as it comes. */
class Streamed extends BaseCallbackHandler {
  override name = "Streamed";
  /** So that LangChain streams a call that it was not asked to stream. */
  lc_prefer_streaming = true;
  /** In order, and before the call is over. */
  override awaitHandlers = true;
  readonly #text: (text: string) => void;

  constructor(text: (text: string) => void) {
    super();
    this.#text = text;
  }

  override handleLLMNewToken(token: string): void {
    this.#text(token);
  }
}

/** Tool results as the model is to see them. */
function marked(messages: readonly BaseMessage[]): BaseMessage[] {
  return messages.map((message) =>
    ToolMessage.isInstance(message)
      ? new ToolMessage({
          content: fenced(message.name ?? "tool", message.text),
          tool_call_id: message.tool_call_id,
          ...(message.name === undefined ? {} : { name: message.name }),
          ...(message.status === undefined ? {} : { status: message.status }),
        })
      : message,
  );
}

/**
 * The model's message without what only the stream needed. Each tool call has an id; one whose arguments are not JSON
 * is repaired or becomes a call that its tool refuses, so that the model hears of it: LangChain would drop it, and
 * the answer would be empty.
 */
function completed(response: AIMessage): AIMessage {
  const invalid = (response.invalid_tool_calls ?? []).map(({ id, name, args }) => ({
    id,
    name: name ?? "none",
    args: repaired(args ?? ""),
  }));
  const calls = [...(response.tool_calls ?? []), ...invalid].map(({ id, name, args }) => ({
    id: id || `call_${randomUUID()}`,
    name,
    args,
    type: "tool_call" as const,
  }));
  return new AIMessage({
    content: response.text,
    // Without its id: some servers give each answer the same, and LangGraph would put one in the other's place.
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  });
}

/**
 * The message with as many tool calls as are run, and those that are left. LangChain would start all of them at once, and
 * the next request would hold them all.
 */
function withinLimit(message: AIMessage): { message: AIMessage; left: ToolCall[] } {
  const calls = message.tool_calls ?? [];
  const left = calls.slice(CALLS_PER_STEP);
  if (left.length === 0) return { message, left };
  return {
    message: new AIMessage({ content: message.text, tool_calls: calls.slice(0, CALLS_PER_STEP) }),
    left,
  };
}

function repaired(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(jsonrepair(text));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Not even with repairs: the tool's schema tells the model.
  }
  return { input: text };
}
