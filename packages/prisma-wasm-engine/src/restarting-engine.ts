/** An engine that survives a panic of the WASM code: what was running fails, the next call gets a new engine. */

import type { Answer, QueryBody, QueryEngine } from "./engine.ts";

/** What can be asked of an engine. */
export type Engine = Pick<QueryEngine, "query" | "startTransaction" | "endTransaction" | "stop" | "abandon">;

/** One engine, and a promise that is rejected when it panics. */
interface Running {
  readonly engine: Engine;
  readonly panic: Promise<never>;
  readonly reject: (error: Error) => void;
}

export class RestartingEngine implements Omit<Engine, "abandon"> {
  readonly #start: () => Promise<Engine>;
  readonly #log: (line: string) => void;
  #running: Promise<Running>;

  private constructor(start: () => Promise<Engine>, log: (line: string) => void, first: Running) {
    this.#start = start;
    this.#log = log;
    this.#running = Promise.resolve(first);
  }

  static async start(start: () => Promise<Engine>, log: (line: string) => void): Promise<RestartingEngine> {
    return new RestartingEngine(start, log, running(await start()));
  }

  /** Tells that the engine has panicked: calls under way are rejected, open transactions are lost. */
  crashed(error: Error): void {
    const old = this.#running;
    this.#log(`the engine has panicked (${error.message}) and is started again`);
    this.#running = this.#start().then(running);
    // A start that fails is told to every call.
    this.#running.catch((cause: Error) => this.#log(`it did not start again: ${cause.message}`));
    old
      .then(({ engine, reject }) => {
        engine.abandon();
        reject(new Error(`the engine has panicked: ${error.message}`, { cause: error }));
      })
      .catch(() => {}); // It never ran.
  }

  query(body: QueryBody, transaction?: string): Promise<Answer> {
    return this.#call((engine) => engine.query(body, transaction));
  }

  startTransaction(options: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.#call((engine) => engine.startTransaction(options));
  }

  endTransaction(id: string, end: "commit" | "rollback"): Promise<Answer> {
    return this.#call((engine) => engine.endTransaction(id, end));
  }

  stop(): Promise<void> {
    return this.#call((engine) => engine.stop());
  }

  async #call<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const { engine, panic } = await this.#running;
    return Promise.race([work(engine), panic]);
  }
}

function running(engine: Engine): Running {
  let reject: (error: Error) => void = () => {};
  const panic = new Promise<never>((_, rejectPanic) => {
    reject = rejectPanic;
  });
  panic.catch(() => {}); // Nobody may be waiting.
  return { engine, panic, reject };
}
