/** Prisma's WASM query engine over the `pg` driver adapter, spoken to with GraphQL documents. */

import { setTimeout as sleep } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import type * as glue from "@prisma/client/runtime/query_engine_bg.postgresql.mjs";
import { breakConnections, connectionPool, type Pool } from "./connection-pool.ts";
import { DatabaseLink } from "./database-link.ts";
import type { DatabaseSettings } from "./database-url.ts";
import { closed } from "./driver-errors.ts";
import {
  type EngineError,
  failure,
  invalidValue,
  type JsonAnswer,
  noTransactionInTime,
  panicked,
  unknownTransaction,
  unsupported,
} from "./engine-errors.ts";
import { InvalidValue } from "./input-values.ts";
import { OpenTransactions, transactionOptions } from "./open-transactions.ts";
import { PendingCalls } from "./pending-calls.ts";
import type { SchemaTypes } from "./schema-types.ts";
import { plain, type Translated, translate, UnsupportedQuery } from "./translate.ts";
import { Panics, wasmInstance } from "./wasm-instance.ts";

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
  /** Told of the first panic: the engine may finish what it has begun, but must not be given more. */
  readonly onPanic: (error: Error) => void;
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

/** How long an engine that has panicked goes on; LiteLLM's transactions take 60 s at most. */
const RETIREMENT_MS = 60_000;
const RETIREMENT_CHECK_MS = 50;
/** Checks in a row that found the database idle: whoever has no answer by then waits for the task that died. */
const QUIET_CHECKS = 3;
/** A timer or an answer that wakes the dead task is a panic again, and does no harm. */
const MAX_PANICS = 10;

export class QueryEngine {
  readonly #options: EngineOptions;
  readonly #link: DatabaseLink;
  readonly #engine: glue.QueryEngine;
  readonly #pool: Pool;
  readonly #calls: PendingCalls;
  readonly #transactions = new OpenTransactions();
  readonly #panics: Panics;
  #requests = 0;

  private constructor(
    options: EngineOptions,
    pool: Pool,
    link: DatabaseLink,
    engine: glue.QueryEngine,
    panics: Panics,
  ) {
    this.#options = options;
    this.#pool = pool;
    this.#link = link;
    this.#engine = engine;
    this.#panics = panics;
    this.#calls = new PendingCalls(panics.add);
    void panics.first.then(options.onPanic);
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
    const link = new DatabaseLink(await factory.connect(), database);
    const panics = new Panics();
    const { QueryEngine: WasmEngine } = await wasmInstance(wasm, panics);
    const engine = new WasmEngine(
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
      link.adapter,
    );
    const failed = panics.first.then((error) => Promise.reject(error));
    failed.catch(() => {}); // Nobody waits for it later on.
    await Promise.race([engine.connect(NO_TRACE, FIRST_REQUEST), failed]);
    return new QueryEngine(options, pool, link, engine, panics);
  }

  /** Runs one query or a batch; `transaction` is the id of an open interactive transaction. */
  async query(body: QueryBody, transaction?: string): Promise<Answer> {
    if (transaction !== undefined && !this.#transactions.has(transaction)) return unknownTransaction();
    let translated: readonly Translated[];
    try {
      translated = (body.batch ?? [body]).map(({ query }) => translate(query, this.#options.types));
    } catch (error) {
      if (error instanceof UnsupportedQuery) return unsupported(error.message);
      if (error instanceof InvalidValue) return invalidValue(error);
      throw error;
    }
    if (body.batch?.length === 0) return { batchResult: [] };
    const queries = translated.map(({ query }) => query);
    const request = JSON.stringify(
      body.batch ? { batch: queries, ...(body.transaction ? { transaction: {} } : {}) } : queries[0],
    );
    const answer = await this.#calls.run(
      () => this.#engine.query(request, NO_TRACE, transaction, this.#requestId()),
      transaction,
    );
    const key = (index: number) => translated[index]?.key ?? "";
    if (!answer.batchResult) return this.#answer(answer, key(0));
    return { batchResult: answer.batchResult.map((result, index) => this.#answer(result, key(index))) };
  }

  /**
   * Opens a transaction. `given`: `max_wait` and `timeout` in milliseconds (default 2000 and 5000), `isolation_level`.
   * The WASM engine waits for a connection as long as the pool does, so `max_wait` is kept here.
   */
  async startTransaction(given: Readonly<Record<string, unknown>>): Promise<Answer> {
    const options = transactionOptions(given);
    if ("errors" in options) return options;
    const started = this.#calls.run(() =>
      this.#engine.startTransaction(JSON.stringify(options), NO_TRACE, this.#requestId()),
    );
    const waiting = new AbortController();
    const answer = await Promise.race([
      started,
      sleep(options.max_wait, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]);
    waiting.abort();
    if (!answer) {
      // Its caller has gone by the time it opens.
      void started.then(({ id }) => (id ? this.#calls.run(() => this.#end("rollback", id)) : undefined));
      return noTransactionInTime();
    }
    if (typeof answer.id === "string") this.#transactions.add(answer.id, options.timeout);
    return this.#failure(answer) ?? { ...answer };
  }

  async endTransaction(id: string, end: "commit" | "rollback"): Promise<Answer> {
    if (!this.#transactions.has(id)) return unknownTransaction();
    const answer = await this.#calls.run(() => this.#end(end, id), id);
    this.#transactions.delete(id);
    return this.#failure(answer) ?? { ...answer };
  }

  /** Whether this engine has opened the transaction. */
  holds(transaction: string): boolean {
    return this.#transactions.has(transaction);
  }

  /** Ends the engine and its connections. */
  async stop(): Promise<void> {
    await this.#engine.disconnect(NO_TRACE, FIRST_REQUEST);
    await this.#link.adapter.dispose();
  }

  /**
   * For an engine that has panicked: lets it finish what it had begun, as a panic ends one task of it only. Answers the
   * calls that the panic has cut off, and breaks all connections at the end, so that the server rolls back what is left.
   */
  async retire(): Promise<void> {
    const deadline = Date.now() + RETIREMENT_MS;
    const panic = await this.#panics.first;
    const isUsable = () => !this.#panics.damaging && this.#panics.count <= MAX_PANICS;
    for (let quiet = 0; this.#hasWork() && isUsable() && Date.now() < deadline; ) {
      // A panic leaves tasks in the queue until one more is put there; the trace of nothing is a task too.
      void this.#wake().catch(() => {});
      await sleep(RETIREMENT_CHECK_MS);
      quiet = this.#link.busy || this.#calls.size === 0 ? 0 : quiet + 1;
      if (quiet === QUIET_CHECKS) {
        const cut = this.#calls.endAll(panicked(`the engine has panicked: ${panic.message}`));
        for (const id of cut) this.#transactions.delete(id);
      }
    }
    this.#transactions.clear();
    this.#calls.endAll({ errors: [closed()] });
    breakConnections(this.#pool);
    // It would wait for connections that the dead task holds.
    void this.#pool.end().catch(() => {});
  }

  async #wake(): Promise<void> {
    await this.#engine.trace("0");
  }

  #hasWork(): boolean {
    return this.#calls.size > 0 || this.#transactions.open > 0;
  }

  #end(end: "commit" | "rollback", id: string): Promise<string> {
    const method = end === "commit" ? "commitTransaction" : "rollbackTransaction";
    return this.#engine[method](id, NO_TRACE, this.#requestId());
  }

  #requestId(): string {
    this.#requests += 1;
    return String(this.#requests);
  }

  #answer(answer: JsonAnswer, key: string): Answer {
    if (answer.errors) return { errors: answer.errors.map((error) => this.#resolved(error)) };
    return this.#failure(answer) ?? { data: { [key]: plain(Object.values(answer.data ?? {})[0] ?? null) } };
  }

  #failure(answer: JsonAnswer): Answer | undefined {
    const failed = answer.errors ? { errors: answer.errors } : failure(answer);
    return failed && { errors: failed.errors.map((error) => this.#resolved(error)) };
  }

  /** The engine knows errors of the connection by a number only (P2036). */
  #resolved(error: EngineError): EngineError {
    const { error_code, meta } = error.user_facing_error;
    if (error_code !== "P2036" || typeof meta?.id !== "number") return error;
    return this.#link.takeError(meta.id) ?? error;
  }
}
