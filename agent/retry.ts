/** Retries a call to the proxy: the only place that does. OpenAI's client and LangChain are set not to. */

import { setTimeout as sleep } from "node:timers/promises";
import { type Failure, failureOf, isTransient } from "./errors.ts";

/** Seconds. A server that asks to wait longer is taken at its word: the call is not retried. */
const LONGEST_WAIT = 30;

export interface RetryOptions {
  /** Retries. Default: 3. */
  readonly times?: number;
  /** Seconds before the first retry, doubled for each further one. Default: 0.5. */
  readonly firstWait?: number;
}

export interface Retries extends RetryOptions {
  readonly signal?: AbortSignal;
  /** Called before the wait. */
  readonly onRetry?: (reason: string, seconds: number) => void;
}

/** Retries `call` after what may pass: 429 (not a spent budget), 5xx, a connection that broke. */
export async function withRetries<T>(call: () => Promise<T>, options: Retries = {}): Promise<T> {
  const { times = 3, firstWait = 0.5, signal, onRetry } = options;
  for (let retries = 0; ; retries++) {
    try {
      return await call();
    } catch (error) {
      const failure = failureOf(error);
      const wait = failure.retryAfter ?? firstWait * 2 ** retries * (0.75 + Math.random() / 2);
      if (retries >= times || signal?.aborted || !isTransient(failure) || wait > LONGEST_WAIT) throw error;
      onRetry?.(reasonOf(failure), Number(wait.toFixed(2)));
      await sleep(wait * 1000, undefined, signal === undefined ? {} : { signal });
    }
  }
}

function reasonOf({ kind, status, connection }: Failure): string {
  const what =
    kind === "rateLimit"
      ? "too many requests"
      : kind === "upstream"
        ? "the model's server failed"
        : "the connection broke";
  const sign = status ?? connection;
  return sign === undefined ? what : `${what} (${sign})`;
}
