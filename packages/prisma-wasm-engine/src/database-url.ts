/** Prisma's `DATABASE_URL`, read into settings of the `pg` driver. Pure but for the CA file. */

import { readFileSync } from "node:fs";
import type { PoolConfig } from "pg";

export interface DatabaseSettings {
  readonly pool: PoolConfig;
  /** The schema that holds the tables. Default `public`. */
  readonly schema: string;
  /** Milliseconds for one attempt to connect. Default 5000, 0 for no limit. */
  readonly connectTimeoutMs: number;
}

/** A `DATABASE_URL` that cannot be used; its message holds no part of the URL but parameter names. */
export class DatabaseUrlError extends Error {
  override name = "DatabaseUrlError";
}

/**
 * Reads a URL such as `postgresql://user:password@host:5432/db?schema=public&connection_limit=10`.
 *
 * Parameters, after https://www.prisma.io/docs/orm/overview/databases/postgresql: `schema`,
 * `connection_limit` (default: twice the CPUs and one), `pool_timeout` (seconds, default 10, 0 for none),
 * `connect_timeout` (seconds, default 5, 0 for none), `socket_timeout` (seconds, default none),
 * `max_idle_connection_lifetime` (seconds, default 300), `application_name`, `options`, `host` (the folder of a
 * Unix socket), `sslmode`, `sslcert` or `sslrootcert` (a file with the CA's certificate). With `sslmode` absent,
 * `disable` or `prefer` the connection is plain; with any other it is TLS, and the certificate is verified.
 *
 * @throws DatabaseUrlError when it is not such a URL, or asks for TLS without verification
 */
export function databaseSettings(text: string, cpus: number): DatabaseSettings {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The cause holds the whole URL, password included, so it is left out.
    throw new DatabaseUrlError("`DATABASE_URL` is not a URL; expected `postgresql://user:password@host/db`");
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:")
    throw new DatabaseUrlError(
      `\`DATABASE_URL\` must start with \`postgresql://\`, not \`${url.protocol}//\``,
    );
  const given = url.searchParams;
  const decoded = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw new DatabaseUrlError("`DATABASE_URL` holds a `%` that is not part of an escape; write `%25`");
    }
  };
  const pool: PoolConfig = {
    host: given.get("host") ?? decoded(url.hostname).replace(/^\[(.+)\]$/, "$1"),
    port: url.port === "" ? 5432 : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database: decoded(url.pathname.slice(1)),
    max: count(given, "connection_limit") || 2 * cpus + 1,
    connectionTimeoutMillis: milliseconds(given, "pool_timeout", 10),
    idleTimeoutMillis: milliseconds(given, "max_idle_connection_lifetime", 300),
    keepAlive: true,
    ...tls(given),
  };
  const socketTimeout = milliseconds(given, "socket_timeout", 0);
  if (socketTimeout > 0) pool.query_timeout = socketTimeout;
  const [options, application] = [given.get("options"), given.get("application_name")];
  if (options) pool.options = options;
  if (application) pool.application_name = application;
  return {
    pool,
    schema: given.get("schema") || "public",
    connectTimeoutMs: milliseconds(given, "connect_timeout", 5),
  };
}

function count(given: URLSearchParams, name: string): number | undefined {
  const text = given.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text))
    throw new DatabaseUrlError(`\`${name}\` in \`DATABASE_URL\` must be a whole number`);
  return Number(text);
}

function milliseconds(given: URLSearchParams, name: string, seconds: number): number {
  return (count(given, name) ?? seconds) * 1000;
}

const PLAIN: readonly (string | null)[] = [null, "disable", "prefer"];

function tls(given: URLSearchParams): Pick<PoolConfig, "ssl"> {
  const strict = given.get("sslaccept") === "strict";
  if (PLAIN.includes(given.get("sslmode")) && !strict) return {};
  if (given.get("sslmode") === "no-verify" || given.get("sslaccept") === "accept_invalid_certs")
    throw new DatabaseUrlError(
      "`DATABASE_URL` asks for TLS without verification; name the CA's certificate with `sslrootcert=FILE` instead",
    );
  const ca = given.get("sslrootcert") ?? given.get("sslcert");
  if (!ca) return { ssl: true };
  try {
    return { ssl: { ca: readFileSync(ca, "utf8") } };
  } catch (error) {
    throw new DatabaseUrlError(
      `the CA file \`${ca}\` that \`DATABASE_URL\` names cannot be read (${(error as NodeJS.ErrnoException).code})`,
      { cause: error },
    );
  }
}

/** The statement that gives each new connection the schema, and UTC: the driver adapter ignores time zones. */
export function sessionSql(schema: string): string {
  return `SET TIME ZONE 'UTC'; SET search_path TO ${quoted(schema)}`;
}

/** An SQL identifier in quotes. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Takes passwords out of a text: those of any PostgreSQL URL in it. */
export function redacted(text: string): string {
  // One look at each character: a line may hold megabytes of a user's text.
  return text.replace(/postgres(?:ql)?:\/\/\S+/g, (url) => {
    const [start, end] = [url.indexOf(":", url.indexOf("//")), url.lastIndexOf("@")];
    return start >= 0 && end > start ? `${url.slice(0, start)}:***${url.slice(end)}` : url;
  });
}
