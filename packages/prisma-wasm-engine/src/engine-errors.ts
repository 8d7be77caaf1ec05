/** Errors as the native engine's GraphQL protocol answers them. Pure. */

import type { DatabaseSettings } from "./database-url.ts";
import type { Json } from "./translate.ts";

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

function coded(
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

/** The answer to the id of a transaction that is not open: P2028. */
export function unknownTransaction(): { errors: readonly EngineError[] } {
  const reason =
    "Transaction not found. Transaction ID is invalid, refers to an old closed transaction Prisma doesn't have information about anymore, or was obtained before disconnecting.";
  return { errors: [coded("P2028", `Transaction API error: ${reason}`, { error: reason })] };
}

/** An error of the driver under the code that the native engine gives it. */
export function driverError(original: unknown, database: DatabaseSettings): EngineError {
  const message = original instanceof Error ? original.message : String(original);
  if (/timeout exceeded when trying to connect/i.test(message)) {
    const { max, connectionTimeoutMillis = 0 } = database.pool;
    const seconds = connectionTimeoutMillis / 1000;
    return coded(
      "P2024",
      `Timed out fetching a new connection from the connection pool (connection pool timeout: ${seconds}, connection limit: ${max})`,
      { connection_limit: max, timeout: seconds },
    );
  }
  return (
    connectionError(message) ??
    coded("P2010", `Raw query failed. Code: \`N/A\`. Message: \`${message}\``, { code: "N/A", message })
  );
}

/** An error of the connection, which the WASM engine takes for one of the statement when that was raw. */
export function connectionError(message: string): EngineError | undefined {
  const [, address] = /Database not reachable: ([^`\s]+)/.exec(message) ?? [];
  if (address)
    return coded("P1001", `Can't reach database server at \`${address}\``, { database_location: address });
  return /connection terminated|connection closed|not queryable|client was closed/i.test(message)
    ? coded("P1017", "Server has closed the connection.")
    : undefined;
}
