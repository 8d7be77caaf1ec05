/** What a loop is, that leads a model from a question through tool calls to an answer. There are two kinds. */

import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { StructuredToolInterface } from "@langchain/core/tools";
import type { RetryOptions } from "../retry.ts";
import type { AgentEvent } from "./answer-stream.ts";
import type { Limits } from "./limits.ts";
import type { Price } from "./usage.ts";

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

/** An answer, and the history to ask the next question with. */
export interface Answered {
  readonly answer: Answer;
  readonly history: BaseMessage[];
}

export interface Loop {
  /** @throws what the model's call throws, after retries; a reached limit and an abort are no errors */
  ask(ask: Ask): Promise<Answered>;
}

export interface LoopOptions {
  /** Must not retry by itself. */
  readonly model: BaseChatModel;
  readonly tools: readonly StructuredToolInterface[];
  /** Who the assistant is. What it has to know of tools is added. */
  readonly systemPrompt?: string;
  /** Default of each: `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** Tokens of the model's context. */
  readonly window: number;
  /** Tokens of it that are kept for an answer. Default: `answerShare` of the window. */
  readonly answerTokens?: number;
  /** Default: not known. */
  readonly price?: Price;
  readonly retry?: RetryOptions;
}
