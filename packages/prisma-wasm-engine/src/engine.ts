/** Prisma's WASM query engine over the `pg` driver adapter, spoken to with GraphQL documents. */

import type { Duplex } from "node:stream";
import { PrismaPg } from "@prisma/adapter-pg";
import * as glue from "@prisma/client/runtime/query_engine_bg.postgresql.mjs";
import { bindAdapter } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { type DatabaseSettings, sessionSql } from "./database-url.ts";
import type { SchemaTypes } from "./schema-types.ts";
import { type Json, plain, type Translated, translate, UnsupportedQuery } from "./translate.ts";

export interface EngineOptions {
  /** The Prisma schema. */
  readonly datamodel: string;
  readonly types: SchemaTypes;
  readonly database: DatabaseSettings;
  /** The engine's compiled code. */
  readonly wasm: WebAssembly.Module;
  readonly logQueries: boolean;
  /** Takes lines for people: the engine's log and errors of idle connections. */
  readonly log: (line: string) => void;
}

/** What prisma-client-py posts to `/`. */
export type QueryBody =
  | { readonly query: string; readonly batch?: never }
  | { readonly batch: readonly { readonly query: string }[]; readonly transaction?: boolean };

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

/** What goes back: `data`, `batchResult`, a transaction's `id`, or `errors`. */
export type Answer = { readonly errors: readonly EngineError[] } | Readonly<Record<string, unknown>>;

/** What the WASM engine answers. */
interface JsonAnswer {
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

const NO_TRACE = "{}";
/** Request ids are numbers from 1 on, as text. */
const FIRST_REQUEST = "1";

export class QueryEngine {
  readonly #options: EngineOptions;
  readonly #adapter: ReturnType<typeof bindAdapter>;
  readonly #engine: glue.QueryEngine;
  readonly #pool: Pool;
  /** The WASM engine panics on ids that it never gave out. */
  readonly #transactions = new Set<string>();
  #requests = 0;

  private constructor(
    options: EngineOptions,
    pool: Pool,
    adapter: ReturnType<typeof bindAdapter>,
    engine: glue.QueryEngine,
  ) {
    this.#options = options;
    this.#pool = pool;
    this.#adapter = adapter;
    this.#engine = engine;
  }

  /** Starts the engine. It connects to the database with the first query, and again whenever it must. */
  static async start(options: EngineOptions): Promise<QueryEngine> {
    const { datamodel, database, wasm, logQueries, log } = options;
    const pool = connectionPool(database);
    const factory = new PrismaPg(pool, {
      schema: database.schema,
      disposeExternalPool: true,
      onPoolError: (error) => log(`an idle connection was lost: ${error.message}`),
    });
    const adapter = bindAdapter(await factory.connect());
    const instance = await WebAssembly.instantiate(wasm, { "./query_engine_bg.js": glue });
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    const engine = new glue.QueryEngine(
      {
        datamodel,
        env: {},
        logQueries,
        ignoreEnvVarErrors: true,
        datasourceOverrides: {},
        logLevel: logQueries ? "info" : "error",
        configDir: ".",
        engineProtocol: "json",
        enableTracing: false,
      },
      (line) => log(line),
      adapter,
    );
    await engine.connect(NO_TRACE, FIRST_REQUEST);
    return new QueryEngine(options, pool, adapter, engine);
  }

  /** Runs one query or a batch; `transaction` is the id of an open interactive transaction. */
  async query(body: QueryBody, transaction?: string): Promise<Answer> {
    if (transaction !== undefined && !this.#transactions.has(transaction)) return unknownTransaction();
    let translated: readonly Translated[];
    try {
      translated = (body.batch ?? [body]).map(({ query }) => translate(query, this.#options.types));
    } catch (error) {
      if (error instanceof UnsupportedQuery) return unsupported(error.message);
      throw error;
    }
    const queries = translated.map(({ query }) => query);
    const request = body.batch
      ? { batch: queries, ...(body.transaction ? { transaction: {} } : {}) }
      : queries[0];
    const answer = parsed(
      await this.#engine.query(JSON.stringify(request), NO_TRACE, transaction, this.#requestId()),
    );
    const key = (index: number) => translated[index]?.key ?? "";
    if (!answer.batchResult) return this.#answer(answer, key(0));
    return { batchResult: answer.batchResult.map((result, index) => this.#answer(result, key(index))) };
  }

  /** Opens a transaction. `options`: `max_wait` and `timeout` in milliseconds (default 2000 and 5000), `isolation_level`. */
  async startTransaction(options: Readonly<Record<string, unknown>>): Promise<Answer> {
    const request = JSON.stringify({ max_wait: 2000, timeout: 5000, ...options });
    const answer = parsed(await this.#engine.startTransaction(request, NO_TRACE, this.#requestId()));
    if (typeof answer.id === "string") this.#transactions.add(answer.id);
    return failure(answer) ?? { ...answer };
  }

  async endTransaction(id: string, end: "commit" | "rollback"): Promise<Answer> {
    if (!this.#transactions.has(id)) return unknownTransaction();
    const method = end === "commit" ? "commitTransaction" : "rollbackTransaction";
    const answer = parsed(await this.#engine[method](id, NO_TRACE, this.#requestId()));
    this.#transactions.delete(id);
    return failure(answer) ?? { ...answer };
  }

  /** Ends the engine and its connections. */
  async stop(): Promise<void> {
    await this.#engine.disconnect(NO_TRACE, FIRST_REQUEST);
    await this.#adapter.dispose();
  }

  /** Breaks all connections, so that the server rolls back what they had begun; for an engine that has panicked. */
  abandon(): void {
    for (const client of this.#pool.open) (client as unknown as WithConnection).connection.stream.destroy();
  }

  #requestId(): string {
    this.#requests += 1;
    return String(this.#requests);
  }

  #answer(answer: JsonAnswer, key: string): Answer {
    if (answer.errors) return { errors: answer.errors.map((error) => this.#resolved(error)) };
    return failure(answer) ?? { data: { [key]: plain(Object.values(answer.data ?? {})[0] ?? null) } };
  }

  /** The engine knows errors of the driver that it has no code for by a number only (P2036). */
  #resolved(error: EngineError): EngineError {
    const { error_code, meta, message } = error.user_facing_error;
    if (error_code === "P2010" && meta?.code === "N/A") return connectionError(message) ?? error;
    if (error_code !== "P2036" || typeof meta?.id !== "number") return error;
    const original = this.#adapter.errorRegistry.consumeError(meta.id)?.error;
    return original === undefined ? error : driverError(original, this.#options.database);
  }
}

/** A pool that knows its connections, those that are in use too. */
type Pool = pg.Pool & { readonly open: ReadonlySet<pg.ClientBase> };

/**
 * A pool as the URL asks for. Each connection gets its time zone and schema before its first use, and reads
 * catalogue types that the adapter refuses as text, as the native engine does.
 */
function connectionPool(database: DatabaseSettings): Pool {
  const open = new Set<pg.ClientBase>();
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      // The pool hides the password from enumeration, so a copy alone would lose it.
      super({
        ...config,
        password: database.pool.password,
        connectionTimeoutMillis: database.connectTimeoutMs,
      });
    }
  }
  const pool = new pg.Pool({
    ...database.pool,
    Client,
    onConnect: async (client: pg.ClientBase) => {
      open.add(client);
      client.once("end", () => open.delete(client));
      readCatalogueTypesAsText(client);
      await client.query(sessionSql(database.schema));
    },
  } as pg.PoolConfig);
  return Object.assign(pool, { open });
}

/** Object ids of `pg_type`; stable across PostgreSQL versions below 16384. */
const TEXT = 25;
const TEXT_ARRAY = 1009;
const READ_AS_TEXT: ReadonlyMap<number, number> = new Map([
  ...[
    18, // char
    19, // name
    22, // int2vector
    24, // regproc
    27, // tid
    28, // xid
    29, // cid
    30, // oidvector
    194, // pg_node_tree
    705, // unknown
    829, // macaddr
    1033, // aclitem
    1186, // interval
    2202, // regprocedure
    2205, // regclass
    2206, // regtype
    2278, // void
    3220, // pg_lsn
    3614, // tsvector
    3615, // tsquery
    4072, // jsonpath
    4089, // regnamespace
    4096, // regrole
    5069, // xid8
  ].map((oid): [number, number] => [oid, TEXT]),
  [1003, TEXT_ARRAY], // name[]
  [1034, TEXT_ARRAY], // aclitem[]
  [2210, TEXT_ARRAY], // regclass[]
  [2211, TEXT_ARRAY], // regtype[]
]);

/** What `pg` keeps of a connection and does not declare. */
interface WithConnection {
  readonly connection: {
    readonly stream: Duplex;
    prependListener(
      event: "rowDescription",
      listener: (message: { readonly fields: { dataTypeID: number }[] }) => void,
    ): void;
  };
}

function readCatalogueTypesAsText(client: pg.ClientBase): void {
  (client as unknown as WithConnection).connection.prependListener("rowDescription", ({ fields }) => {
    for (const field of fields) field.dataTypeID = READ_AS_TEXT.get(field.dataTypeID) ?? field.dataTypeID;
  });
}

function parsed(text: string): JsonAnswer {
  return JSON.parse(text) as JsonAnswer;
}

/** An answer that is itself an error, in the form of the GraphQL protocol. */
function failure(answer: JsonAnswer): { errors: readonly EngineError[] } | undefined {
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

function unknownTransaction(): { errors: readonly EngineError[] } {
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
function connectionError(message: string): EngineError | undefined {
  const [, address] = /Database not reachable: ([^`\s]+)/.exec(message) ?? [];
  if (address)
    return coded("P1001", `Can't reach database server at \`${address}\``, { database_location: address });
  return /connection terminated|connection closed|not queryable|client was closed/i.test(message)
    ? coded("P1017", "Server has closed the connection.")
    : undefined;
}
