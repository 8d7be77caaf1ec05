/** Ids of the transactions that an engine has opened: the WASM engine panics on ids that it never gave out. */

import { coded, type EngineError } from "./engine-errors.ts";

export interface TransactionOptions {
  /** Milliseconds to wait for a connection. */
  readonly max_wait: number;
  /** Milliseconds after which it is rolled back. */
  readonly timeout: number;
  readonly [option: string]: unknown;
}

/** A timer of Node.js that is longer rings at once. */
const MAX_MS = 2 ** 31 - 1;

/** Prisma's defaults, and what the client gave; or what is wrong with that. */
export function transactionOptions(
  given: Readonly<Record<string, unknown>>,
): TransactionOptions | { errors: readonly EngineError[] } {
  const { max_wait = 2000, timeout = 5000, isolation_level } = given;
  for (const [name, value] of Object.entries({ max_wait, timeout }))
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      return refused(`\`${name}\` must be a whole number of milliseconds`);
  if (isolation_level !== undefined && isolation_level !== null && typeof isolation_level !== "string")
    return refused("`isolation_level` must be a string");
  return {
    max_wait: Math.min(max_wait as number, MAX_MS),
    timeout: Math.min(timeout as number, MAX_MS),
    ...(isolation_level ? { isolation_level } : {}),
  };
}

function refused(reason: string): { errors: readonly EngineError[] } {
  return { errors: [coded("P2028", `Transaction API error: ${reason}`, { error: reason })] };
}

/** The engine can say why a transaction is closed for a while; its id is kept as long. */
const KEPT_MS = 60_000;

export class OpenTransactions {
  /** Id → when it expires, in milliseconds since the epoch. */
  readonly #expiry = new Map<string, number>();

  /** How many have not expired. */
  get open(): number {
    const now = Date.now();
    return [...this.#expiry.values()].filter((expiry) => expiry > now).length;
  }

  add(id: string, timeoutMs: number): void {
    const now = Date.now();
    // Clients that have gone end nothing.
    for (const [old, expiry] of this.#expiry) if (expiry + KEPT_MS < now) this.#expiry.delete(old);
    this.#expiry.set(id, now + timeoutMs);
  }

  has(id: string): boolean {
    return this.#expiry.has(id);
  }

  delete(id: string): void {
    this.#expiry.delete(id);
  }

  clear(): void {
    this.#expiry.clear();
  }
}
