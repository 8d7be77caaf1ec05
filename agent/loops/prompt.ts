/** The system prompt that both loops share, and what of the model's context is left beside it. */

import { countTokens } from "../history.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { LoopOptions } from "./loop.ts";
import { UNTRUSTED_RULE } from "./untrusted.ts";

const DEFAULT_PROMPT =
  "You are a helpful assistant. Answer briefly and truthfully, in the language of the question. Say so when you do not know.";

/** The part of the system prompt that both loops share. */
export function sharedPrompt({ systemPrompt = DEFAULT_PROMPT, tools }: LoopOptions): string {
  return tools.length === 0 ? systemPrompt : `${systemPrompt}\n\n${UNTRUSTED_RULE}`;
}

/** Tokens of a window that are kept for an answer: a quarter, at most 1024. The model's `maxTokens` should be the same. */
export function answerShare(window: number): number {
  return Math.min(1024, Math.floor(window / 4));
}

/** Tokens for the history and the question beside a system prompt (and whatever else goes with each request). */
export function historyBudget(
  { window, answerTokens = answerShare(window), limits }: LoopOptions,
  prompt: string,
): number {
  const most = Math.min(window, limits?.tokens ?? DEFAULT_LIMITS.tokens);
  return Math.max(0, most - answerTokens - countTokens(prompt) - 16);
}
