/** Errors of the `pg` driver as Prisma's errors of the connection, as quaint of prisma-engines 5.17 sorts them. Pure. */

import { isDriverAdapterError } from "@prisma/driver-adapter-utils";
import type { DatabaseSettings } from "./database-url.ts";
import { coded, type EngineError } from "./engine-errors.ts";

/** The server, or the way to it, cannot be reached; Node's codes. */
const UNREACHABLE: readonly string[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOENT", // of a Unix socket
  "EACCES",
];
const BROKEN: readonly string[] = ["ECONNRESET", "EPIPE", "ECONNABORTED", "ENOTCONN", "ERR_STREAM_DESTROYED"];
/** PostgreSQL's codes of a session that ends: broken, terminated, crashed, idle for too long. */
const ENDED: readonly string[] = ["08000", "08003", "08006", "57P01", "57P02", "57P05", "25P03", "25P04"];
/** PostgreSQL is starting or stopping. */
const CANNOT_CONNECT_NOW = "57P03";

interface Failure {
  readonly message?: string;
  /** Of Node or PostgreSQL. */
  readonly code?: string;
  /** Of the driver adapter. */
  readonly kind?: string;
  readonly cause?: unknown;
  /** Set by our pool. */
  readonly whileConnecting?: boolean;
}

/** An error of the connection, not of a statement, under the code that the native engine gives it. */
export function connectionError(error: unknown, database: DatabaseSettings): EngineError | undefined {
  const { kind, code = "", message = "", cause, whileConnecting } = failureOf(error);
  if (kind === "DatabaseNotReachable" || UNREACHABLE.includes(code) || code === CANNOT_CONNECT_NOW)
    return unreachable(database);
  if (/^timeout expired$|due to connection timeout$/.test(message)) return unreachable(database);
  if (
    kind === "ConnectionClosed" ||
    BROKEN.includes(code) ||
    ENDED.includes(code) ||
    /^Connection terminated|not queryable$/.test(message)
  )
    return whileConnecting ? unreachable(database) : closed();
  if (kind === "SocketTimeout" || code === "ETIMEDOUT" || message === "Query read timeout")
    return timedOut(database);
  if (message === "timeout exceeded when trying to connect") return poolTimeout(database);
  if (kind === "TooManyConnections")
    return coded("P2037", `Too many database connections opened: ${String(cause)}`, { message: cause });
  return undefined;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Error && isDriverAdapterError(error)) return error.cause as unknown as Failure;
  // A name with several addresses.
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors[0]);
  return error instanceof Error ? (error as Failure) : {};
}

/** The session is lost, and with it what it had not committed. */
export function closed(): EngineError {
  return coded("P1017", "Server has closed the connection.");
}

function unreachable({ pool }: DatabaseSettings): EngineError {
  const [host, port] = [pool.host, pool.port];
  return coded(
    "P1001",
    `Can't reach database server at \`${host}:${port}\`\n\nPlease make sure your database server is running at \`${host}:${port}\`.`,
    { database_host: host, database_port: port, database_location: `${host}:${port}` },
  );
}

function timedOut({ pool }: DatabaseSettings): EngineError {
  const time = pool.query_timeout ? `${pool.query_timeout / 1000}s` : "N/A";
  return coded("P1008", `Operations timed out after \`${time}\``, { time });
}

function poolTimeout({ pool }: DatabaseSettings): EngineError {
  const seconds = (pool.connectionTimeoutMillis ?? 0) / 1000;
  return coded(
    "P2024",
    `Timed out fetching a new connection from the connection pool. (More info: http://pris.ly/d/connection-pool, Current connection pool timeout: ${seconds}, connection limit: ${pool.max})`,
    { connection_limit: pool.max, timeout: seconds },
  );
}
