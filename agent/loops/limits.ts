/** The limits of one question. */

/** Bounds of one question. Tokens and cost are checked before each call of the model: one call may go beyond. */
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

/**
 * Tool calls that are run of one answer of the model. LangChain starts all of an answer at once, each of which may load a
 * page or start a program; a model that does not know when to stop asks for thousands.
 */
export const CALLS_PER_STEP = 8;

/** What a question has used so far. */
export interface Used {
  readonly steps: number;
  readonly tokens: { readonly input: number; readonly output: number };
  /** US dollars; `null` if the price is not known. */
  readonly costUsd: number | null;
}

/** The limit that allows no further call of the model, if any. Time is not looked at: it aborts a call in progress. */
export function reachedLimit(
  limits: Limits,
  { steps, tokens, costUsd }: Used,
): "steps" | "tokens" | "cost" | undefined {
  if (steps >= limits.steps) return "steps";
  if (tokens.input + tokens.output >= limits.tokens) return "tokens";
  return costUsd !== null && costUsd > 0 && costUsd >= limits.costUsd ? "cost" : undefined;
}
