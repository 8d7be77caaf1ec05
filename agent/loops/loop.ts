/** What both loops have in common: the interface, the limits of one question, tool calls, the honest end. */

import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { type StructuredToolInterface, ToolInputParsingException } from "@langchain/core/tools";
import { z } from "zod";
import { listed } from "../../config/nearest.ts";
import { countMessages, countTokens, cutText } from "../history.ts";
import type { RetryOptions } from "../retry.ts";
import { UNTRACED } from "./untraced.ts";
import { UNTRUSTED_RULE } from "./untrusted.ts";

/** Bounds of one question. Tokens and cost are looked at before each call of the model: one call may go beyond. */
export interface Limits {
  /** Calls of the model. */
  readonly steps: number;
  /** Of requests and answers together. */
  readonly tokens: number;
  /** US dollars; without effect where the price is not known. */
  readonly costUsd: number;
  readonly seconds: number;
}

export const DEFAULT_LIMITS: Limits = { steps: 8, tokens: 20_000, costUsd: 0.5, seconds: 120 };

export type AgentEvent =
  /** A piece of the answer, as it streams. */
  | { type: "text"; text: string }
  /** What streamed since the question or the last `aside` turns out not to be the answer: a tool is called first. */
  | { type: "aside"; text: string }
  | { type: "toolCall"; id: string; name: string; args: unknown }
  | { type: "toolResult"; id: string; name: string; ok: boolean; text: string }
  | { type: "thought"; text: string }
  | { type: "retry"; reason: string; seconds: number };

/**
 * - `answer`: the model answered
 * - `steps`, `tokens`, `cost`, `time`: a limit was reached
 * - `repeated`: the model asked for the same tool call a third time
 * - `aborted`: the caller's signal
 */
export type Ended = "answer" | "steps" | "tokens" | "cost" | "time" | "repeated" | "aborted";

export interface Answer {
  /** Says so if it is not the model's last word. What streamed as `text` after the last `aside` is the same. */
  readonly answer: string;
  readonly toolCalls: { name: string; args: unknown; ok: boolean }[];
  /** As the proxy counts them; estimated, rather too high, for calls without a count, such as one cut short. */
  readonly tokens: { input: number; output: number };
  /** US dollars; `null` if the price is not known. */
  readonly costUsd: number | null;
  readonly seconds: number;
  readonly ended: Ended;
}

export interface Ask {
  readonly question: string;
  /** What {@link Loop.ask} gave back last; either loop takes that of the other. It is not changed. */
  readonly history: BaseMessage[];
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void;
}

export interface Loop {
  /** @throws what the model's call throws, after retries; a reached limit and an abort are no errors */
  ask(ask: Ask): Promise<{ answer: Answer; history: BaseMessage[] }>;
}

export interface LoopOptions {
  /** Must not retry by itself. */
  readonly model: BaseChatModel;
  readonly tools: readonly StructuredToolInterface[];
  /** Who the assistant is. What it has to know of tools is added. */
  readonly systemPrompt?: string;
  /** Default of each: {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** Tokens of the model's context. */
  readonly window: number;
  /** Tokens of it that are kept for an answer. Default: {@link answerShare}. */
  readonly answerTokens?: number;
  /** US dollars for a token. */
  readonly price?: { readonly input: number; readonly output: number };
  readonly retry?: RetryOptions;
}

const DEFAULT_PROMPT =
  "You are a helpful assistant. Answer briefly and truthfully, in the language of the question. Say so when you do not know.";
/** Tokens of a tool's result, however large the window. */
const LARGEST_RESULT = 4000;
const EXCERPT = 300;

/** Tokens of a window that are kept for an answer: a quarter, at most 1024. The model's `maxTokens` should be the same. */
export function answerShare(window: number): number {
  return Math.min(1024, Math.floor(window / 4));
}

/** The system prompt's part that both loops share. */
export function promptOf({ systemPrompt = DEFAULT_PROMPT, tools }: LoopOptions): string {
  return tools.length === 0 ? systemPrompt : `${systemPrompt}\n\n${UNTRUSTED_RULE}`;
}

/** Tokens for the history and the question beside a system prompt (and whatever else goes with each request). */
export function historyBudget(
  { window, answerTokens = answerShare(window), limits }: LoopOptions,
  prompt: string,
) {
  const most = Math.min(window, limits?.tokens ?? DEFAULT_LIMITS.tokens);
  return Math.max(0, most - answerTokens - countTokens(prompt) - 16);
}

/** One question on its way: what it used, what it said, whether it must end. */
export class Run {
  readonly limits: Limits;
  /** Aborts at the caller's wish and when the time is over. */
  readonly signal: AbortSignal;
  /** The question, tool calls with their results, and at the end the answer. */
  readonly messages: BaseMessage[];
  /** Why no further call is made; set by a limit. */
  stopped: Exclude<Ended, "answer"> | undefined;
  steps = 0;

  readonly #options: LoopOptions;
  readonly #ask: Ask;
  readonly #tools: ReadonlyMap<string, StructuredToolInterface>;
  readonly #deadline = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #start = performance.now();
  readonly #tokens = { input: 0, output: 0 };
  readonly #calls: { name: string; args: unknown; ok: boolean }[] = [];
  /** How often each call was asked for. */
  readonly #asked = new Map<string, number>();
  #streamed = "";
  #over = false;
  #call: { readonly messages: readonly BaseMessage[]; output: string } | undefined;
  #lastResult: { name: string; text: string } | undefined;

  constructor(options: LoopOptions, ask: Ask) {
    this.#options = options;
    this.#ask = ask;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#tools = new Map(options.tools.map((tool) => [tool.name, tool]));
    this.messages = [new HumanMessage(ask.question)];
    this.#timer = setTimeout(() => this.#deadline.abort(), this.limits.seconds * 1000);
    this.signal =
      ask.signal === undefined ? this.#deadline.signal : AbortSignal.any([ask.signal, this.#deadline.signal]);
  }

  /** Tells the caller, until the question is over: what was aborted may still go on for a moment. */
  emit(event: AgentEvent): void {
    if (!this.#over) this.#ask.onEvent?.(event);
  }

  /** What has streamed since the last {@link aside}. */
  get streamed(): string {
    return this.#streamed;
  }

  /** A piece of what may be the answer. */
  text(text: string): void {
    if (text === "") return;
    this.#streamed += text;
    this.emit({ type: "text", text });
  }

  /** What streamed was not the answer. */
  aside(): void {
    if (this.#streamed === "") return;
    this.emit({ type: "aside", text: this.#streamed });
    this.#streamed = "";
  }

  /** Streams what is missing of the answer, or the answer anew if something else has streamed. */
  say(answer: string): void {
    if (!answer.startsWith(this.#streamed)) this.aside();
    this.text(answer.slice(this.#streamed.length));
  }

  /** A try failed and another follows. */
  readonly retried = (reason: string, seconds: number): void => {
    this.aside();
    this.emit({ type: "retry", reason, seconds });
  };

  /** Whether the model may be called once more; if so, the call counts. */
  mayStep(): boolean {
    this.stopped ??= this.#reached();
    if (this.stopped !== undefined) return false;
    this.steps++;
    return true;
  }

  #reached(): Exclude<Ended, "answer"> | undefined {
    if (this.signal.aborted) return this.#whyAborted();
    if (this.steps >= this.limits.steps) return "steps";
    if (this.#tokens.input + this.#tokens.output >= this.limits.tokens) return "tokens";
    const cost = this.#cost() ?? 0;
    return cost > 0 && cost >= this.limits.costUsd ? "cost" : undefined;
  }

  #whyAborted(): "aborted" | "time" {
    return this.#ask.signal?.aborted ? "aborted" : "time";
  }

  /** The model is called. */
  sent(messages: readonly BaseMessage[]): void {
    this.#call = { messages, output: "" };
  }

  /** A piece of what the model writes, shown or not. */
  received(text: string): void {
    if (this.#call !== undefined) this.#call.output += text;
  }

  /**
   * Counts the call that is over: by what the proxy tells, or else by estimate. One that broke off counts only if
   * the model had begun.
   */
  count(got?: AIMessage): void {
    const call = this.#call;
    this.#call = undefined;
    const usage = got?.usage_metadata;
    if (usage !== undefined && usage.input_tokens + usage.output_tokens > 0) {
      this.#tokens.input += usage.input_tokens;
      this.#tokens.output += usage.output_tokens;
    } else if (call !== undefined && (got !== undefined || call.output !== "")) {
      this.#tokens.input += countMessages(call.messages);
      this.#tokens.output += got === undefined ? countTokens(call.output) : countMessages([got]);
    }
  }

  #cost(): number | null {
    const { price } = this.#options;
    if (price === undefined) return null;
    // Without the crumbs of binary fractions.
    return Number((this.#tokens.input * price.input + this.#tokens.output * price.output).toPrecision(12));
  }

  /** Runs a tool. Whatever goes wrong with it is a result too; only an abort throws. */
  async callTool(call: { id: string; name: string; args: unknown }): Promise<ToolMessage> {
    const { id, name, args } = call;
    this.emit({ type: "toolCall", id, name, args });
    const { ok, text } = await this.#result(name, args);
    const most = Math.min(LARGEST_RESULT, Math.floor(this.#options.window / 4));
    const cut = cutText(text, most);
    this.#calls.push({ name, args, ok });
    if (ok) this.#lastResult = { name, text: cut };
    this.emit({ type: "toolResult", id, name, ok, text: cut });
    return new ToolMessage({ content: cut, tool_call_id: id, name, status: ok ? "success" : "error" });
  }

  async #result(name: string, args: unknown): Promise<{ ok: boolean; text: string }> {
    const asked = `${name} ${canonical(args)}`;
    const times = (this.#asked.get(asked) ?? 0) + 1;
    this.#asked.set(asked, times);
    if (times > 1) {
      if (times > 2) this.stopped ??= "repeated";
      return {
        ok: false,
        text: `\`${name}\` was already called with this input, and its result stands above. Do not call it so again: answer with what is known, or do something else.`,
      };
    }
    const tool = this.#tools.get(name);
    if (tool === undefined) {
      const there =
        this.#tools.size === 0 ? "There are none" : `There are: ${listed(this.#tools.keys(), 30)}`;
      return { ok: false, text: `There is no tool \`${name}\`. ${there}.` };
    }
    this.signal.throwIfAborted();
    try {
      const output: unknown = await untilAborted(
        tool.invoke(args as never, { signal: this.signal, callbacks: [UNTRACED] }) as Promise<unknown>,
        this.signal,
      );
      return { ok: true, text: typeof output === "string" ? output : (JSON.stringify(output) ?? "") };
    } catch (error) {
      if (this.signal.aborted) throw error;
      return { ok: false, text: `\`${name}\` failed: ${await toolProblem(tool, args, error)}` };
    }
  }

  /**
   * Runs a loop's body, which gives the model's answer, or nothing if a limit stopped it, and puts together what the
   * question came to.
   */
  async complete(
    body: () => Promise<string | undefined>,
  ): Promise<{ answer: Answer; history: BaseMessage[] }> {
    let said: string | undefined;
    try {
      said = this.signal.aborted ? undefined : await untilAborted(body(), this.signal);
    } catch (error) {
      if (!this.signal.aborted) throw error;
    } finally {
      clearTimeout(this.#timer);
    }
    if (said === undefined && this.signal.aborted) this.stopped = this.#whyAborted();
    this.count();
    const ended = said === undefined ? (this.stopped ?? "answer") : "answer";
    const answer = said === undefined || said.trim() === "" ? this.#honest(ended) : said;
    this.say(answer);
    this.#over = true;
    return {
      answer: {
        answer,
        toolCalls: [...this.#calls],
        tokens: { ...this.#tokens },
        costUsd: this.#cost(),
        seconds: Number(((performance.now() - this.#start) / 1000).toFixed(3)),
        ended,
      },
      history: [...this.#ask.history, ...withoutDangling(this.messages), new AIMessage(answer)],
    };
  }

  /** What there is, and why it is not more. */
  #honest(ended: Ended): string {
    const { steps, tokens, costUsd, seconds } = this.limits;
    const why = {
      answer: "The model gave an empty answer.",
      steps: `Stopped after ${steps} ${steps === 1 ? "step" : "steps"} (the limit) without a final answer.`,
      tokens: `Stopped at the limit of ${tokens} tokens without a final answer.`,
      cost: `Stopped at the limit of ${costUsd} dollars without a final answer.`,
      time: `Stopped after ${seconds} seconds (the limit); this is not a finished answer.`,
      repeated: "Stopped: the model asked for the same tool call again and again, without a final answer.",
      aborted: "Stopped on request; this is not a finished answer.",
    }[ended];
    const partial = this.#streamed.trimEnd();
    const last = this.#lastResult;
    const found =
      partial === "" && last !== undefined
        ? ` The last result, unchecked, is that of \`${last.name}\`: ${excerpt(last.text)}`
        : "";
    return partial === "" ? `[${why}]${found}` : `${this.#streamed}\n\n[${why}]`;
  }
}

const excerpt = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
};

/** JSON with keys in order, to tell whether two calls are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What went wrong with a tool, for the model. */
async function toolProblem(tool: StructuredToolInterface, args: unknown, error: unknown): Promise<string> {
  if (error instanceof ToolInputParsingException) {
    if (tool.schema instanceof z.ZodType) {
      const parsed = await tool.schema.safeParseAsync(args);
      if (!parsed.success) return `its input is wrong:\n${z.prettifyError(parsed.error)}`;
    }
    return `its input is wrong: ${error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Without tool calls that have no result, which no provider takes, and their results. */
export function withoutDangling(messages: readonly BaseMessage[]): BaseMessage[] {
  const answered = new Set(
    messages.flatMap((message) => (ToolMessage.isInstance(message) ? [message.tool_call_id] : [])),
  );
  const dropped = new Set<string>();
  return messages.filter((message) => {
    if (ToolMessage.isInstance(message)) return !dropped.has(message.tool_call_id);
    if (!AIMessage.isInstance(message)) return true;
    const ids = (message.tool_calls ?? []).map(({ id }) => id ?? "");
    if (ids.every((id) => answered.has(id))) return true;
    for (const id of ids) dropped.add(id);
    return false;
  });
}

/** Ends at once when `signal` aborts, even if what it waits for does not listen. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
