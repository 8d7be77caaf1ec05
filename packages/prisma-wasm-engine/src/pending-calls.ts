/** Calls of the WASM engine that have no answer yet: a panic leaves some that will never get one. */

import type { JsonAnswer } from "./engine-errors.ts";

interface Call {
  /** The open transaction that it belongs to. */
  readonly transaction: string | undefined;
  readonly answer: (answer: JsonAnswer) => void;
}

export class PendingCalls {
  readonly #calls = new Set<Call>();
  readonly #onPanic: (error: Error) => void;

  /** `onPanic` is told when the engine cannot even take a call. */
  constructor(onPanic: (error: Error) => void) {
    this.#onPanic = onPanic;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Calls the engine, which answers with JSON; never rejects. */
  run(work: () => Promise<string>, transaction?: string): Promise<JsonAnswer> {
    return new Promise((resolve) => {
      const call: Call = {
        transaction,
        answer: (answer) => {
          this.#calls.delete(call);
          resolve(answer);
        },
      };
      this.#calls.add(call);
      try {
        work().then(
          (text) => call.answer(JSON.parse(text) as JsonAnswer),
          (error: unknown) => call.answer(refusal(error)),
        );
      } catch (error) {
        this.#onPanic(error as Error);
      }
    });
  }

  /** Answers all of them, and returns the transactions that they belonged to. */
  endAll(answer: JsonAnswer): readonly string[] {
    const calls = [...this.#calls];
    for (const call of calls) call.answer(answer);
    return calls.flatMap(({ transaction }) => transaction ?? []);
  }
}

/** What the engine says when it cannot read a request; mostly an error of Prisma's as JSON. */
function refusal(error: unknown): JsonAnswer {
  const message = error instanceof Error ? error.message : String(error);
  try {
    const known = JSON.parse(message) as JsonAnswer;
    if (typeof known.message === "string") return known;
  } catch {
    // Just a text.
  }
  return { message };
}
