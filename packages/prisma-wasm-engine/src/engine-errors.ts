/** Errors as the native engine's GraphQL protocol answers them. Pure. */

import type { InvalidValue, Json } from "./input-values.ts";

/** An error as the native engine's GraphQL protocol answers it. */
export interface EngineError {
  readonly error: string;
  readonly user_facing_error: {
    readonly is_panic: boolean;
    readonly message: string;
    readonly error_code?: string;
    readonly meta?: Readonly<Record<string, unknown>>;
  };
}

/** What the WASM engine answers. */
export interface JsonAnswer {
  readonly data?: Readonly<Record<string, Json>>;
  readonly errors?: readonly EngineError[];
  readonly batchResult?: readonly JsonAnswer[];
  /** Of a transaction that was opened. */
  readonly id?: string;
  /** Set when the answer itself is an error. */
  readonly error_code?: string;
  readonly message?: string;
  readonly is_panic?: boolean;
}

/** An answer that is itself an error, in the form of the GraphQL protocol. */
export function failure(answer: JsonAnswer): { errors: readonly EngineError[] } | undefined {
  if (answer.error_code === undefined && answer.message === undefined) return undefined;
  const message = answer.message ?? "";
  return {
    errors: [
      {
        error: message,
        user_facing_error: { ...(answer as object), message, is_panic: answer.is_panic ?? false },
      },
    ],
  };
}

/** One of Prisma's errors. */
export function coded(
  error_code: string,
  message: string,
  meta: Readonly<Record<string, unknown>> = {},
): EngineError {
  return { error: message, user_facing_error: { is_panic: false, message, error_code, meta } };
}

/** The answer to a document that is not understood: P2009, "Failed to validate the query". */
export function unsupported(reason: string): { errors: readonly EngineError[] } {
  return { errors: [coded("P2009", `Failed to validate the query: \`${reason}\``)] };
}

/** The answer to a value that the engine must not see. */
export function invalidValue({ code, argument, message }: InvalidValue): { errors: readonly EngineError[] } {
  const meta = code === "P2009" ? { kind: "InvalidArgumentValue", argumentPath: [argument] } : {};
  return { errors: [coded(code, message, meta)] };
}

/** The answer to the id of a transaction that is not open: P2028. */
export function unknownTransaction(): { errors: readonly EngineError[] } {
  return transactionError(
    "Transaction not found. Transaction ID is invalid, refers to an old closed transaction Prisma doesn't have information about anymore, or was obtained before disconnecting.",
  );
}

/** The answer when no connection was free within `max_wait`: P2028. */
export function noTransactionInTime(): { errors: readonly EngineError[] } {
  return transactionError("Unable to start a transaction in the given time.");
}

/** In the words of prisma-engines 5.17 (`interactive_transactions/error.rs`). */
function transactionError(reason: string): { errors: readonly EngineError[] } {
  return { errors: [coded("P2028", `Transaction API error: ${reason}`, { error: reason })] };
}

/** The answer to a call that a panic has ended, in the form that the native engine gives to one of its own. */
export function panicked(message: string): { errors: readonly EngineError[] } {
  return { errors: [{ error: message, user_facing_error: { is_panic: true, message } }] };
}
