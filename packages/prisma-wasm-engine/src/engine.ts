/** Prisma's WASM query engine over the `pg` driver adapter, spoken to with GraphQL documents. */

import { PrismaPg } from "@prisma/adapter-pg";
import * as glue from "@prisma/client/runtime/query_engine_bg.postgresql.mjs";
import { bindAdapter } from "@prisma/driver-adapter-utils";
import { breakConnections, connectionPool, type Pool } from "./connection-pool.ts";
import type { DatabaseSettings } from "./database-url.ts";
import {
  connectionError,
  driverError,
  type EngineError,
  failure,
  type JsonAnswer,
  unknownTransaction,
  unsupported,
} from "./engine-errors.ts";
import type { SchemaTypes } from "./schema-types.ts";
import { plain, type Translated, translate, UnsupportedQuery } from "./translate.ts";

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

/** What goes back: `data`, `batchResult`, a transaction's `id`, or `errors`. */
export type Answer = { readonly errors: readonly EngineError[] } | Readonly<Record<string, unknown>>;

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
    breakConnections(this.#pool);
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

function parsed(text: string): JsonAnswer {
  return JSON.parse(text) as JsonAnswer;
}
