/** The driver adapter as the WASM engine gets it: it knows what is under way, and errors of connections by Prisma's codes. */

import type { PrismaPg } from "@prisma/adapter-pg";
import { bindAdapter } from "@prisma/driver-adapter-utils";
import type { DatabaseSettings } from "./database-url.ts";
import { connectionError } from "./driver-errors.ts";
import { coded, type EngineError } from "./engine-errors.ts";

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>;
type Query = Parameters<Adapter["queryRaw"]>[0];
type ErrorRegistry = NonNullable<Parameters<typeof bindAdapter>[1]>;

/** Errors that nobody asks for, as their transaction has ended, would pile up. */
const MAX_ERRORS = 1000;

/** One of Prisma's errors, which the engine passes on by a number (P2036). */
class KnownFailure extends Error {
  readonly known: EngineError;
  constructor(known: EngineError, cause?: unknown) {
    super(known.error, { cause });
    this.known = known;
  }
}

/** One that has ended the session. */
class ConnectionFailure extends KnownFailure {}

export class DatabaseLink {
  /** For the WASM engine. */
  readonly adapter: ReturnType<typeof bindAdapter>;
  readonly #database: DatabaseSettings;
  readonly #errors = new Map<number, unknown>();
  #nextError = 0;
  #underWay = 0;

  constructor(adapter: Adapter, database: DatabaseSettings) {
    this.#database = database;
    // The registry that `driver-adapter-utils` 6.19 brings never forgets an error.
    const registry = {
      registerNewError: (error: unknown) => this.#register(error),
      consumeError: (id: number) => ({ error: this.#errors.get(id) }),
    };
    this.adapter = bindAdapter(
      {
        provider: adapter.provider,
        adapterName: adapter.adapterName,
        queryRaw: (query) => this.#watched(() => adapter.queryRaw(bindable(query))),
        executeRaw: (query) => this.#watched(() => adapter.executeRaw(bindable(query))),
        executeScript: (script) => this.#watched(() => adapter.executeScript(script)),
        startTransaction: async (level) =>
          this.#transaction(await this.#watched(() => adapter.startTransaction(level))),
        getConnectionInfo: () => adapter.getConnectionInfo(),
        dispose: () => adapter.dispose(),
      },
      registry as unknown as ErrorRegistry,
    );
  }

  /** Whether the engine waits for the database. */
  get busy(): boolean {
    return this.#underWay > 0;
  }

  /** The error that the engine knows by a number only; asked for once. */
  takeError(id: number): EngineError | undefined {
    const error = this.#errors.get(id);
    this.#errors.delete(id);
    if (error === undefined || error instanceof KnownFailure) return error?.known;
    const message = error instanceof Error ? error.message : String(error);
    return coded("P2010", `Raw query failed. Code: \`N/A\`. Message: \`${message}\``, {
      code: "N/A",
      message,
    });
  }

  #register(error: unknown): number {
    const id = this.#nextError;
    this.#nextError += 1;
    this.#errors.set(id, error);
    this.#errors.delete(id - MAX_ERRORS);
    return id;
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } catch (error) {
      const known = error instanceof KnownFailure ? undefined : connectionError(error, this.#database);
      throw known ? new ConnectionFailure(known, error) : error;
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * The engine ends a transaction by `COMMIT` or `ROLLBACK`, and then gives its connection back; it does not when that
   * statement fails. A connection that has broken, or could not roll back, is given back here.
   */
  #transaction(transaction: Transaction): Transaction {
    let released = false;
    const release = async (end: () => Promise<void>) => {
      if (released) return;
      released = true;
      await end();
    };
    const run = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
      try {
        return await this.#watched(work);
      } catch (error) {
        if (error instanceof ConnectionFailure || sql === "ROLLBACK") {
          breakConnection(transaction);
          await release(() => transaction.rollback());
        }
        throw error;
      }
    };
    return {
      provider: transaction.provider,
      adapterName: transaction.adapterName,
      options: transaction.options,
      queryRaw: (query) => run(query.sql, () => transaction.queryRaw(bindable(query))),
      executeRaw: (query) => run(query.sql, () => transaction.executeRaw(bindable(query))),
      commit: () => release(() => transaction.commit()),
      rollback: () => release(() => transaction.rollback()),
    };
  }
}

/** The protocol counts the values of a statement with 16 bits; `pg` would send the rest of a larger number. */
const MAX_VALUES = 65_535;

/** @throws KnownFailure with the error of quaint 5.17 (`connector/postgres/native/mod.rs`) */
function bindable(query: Query): Query {
  if (query.args.length <= MAX_VALUES) return query;
  const problem = `too many bind variables in prepared statement, expected maximum of ${MAX_VALUES}, received ${query.args.length}`;
  throw new KnownFailure(
    coded("P2035", `Assertion violation on the database: \`${problem}\``, { database_error: problem }),
  );
}

/** Its state is unknown: the pool must not give it to anyone else. */
function breakConnection(transaction: Transaction): void {
  const { client } = transaction as unknown as { client: { connection: { stream: { destroy(): void } } } };
  client.connection.stream.destroy();
}
