/** An engine that survives a panic of the WASM code: others go on with what they have begun, new calls get a new engine. */

import type { Answer, QueryBody, QueryEngine } from "./engine.ts";

/** What can be asked of an engine. */
export type Engine = Pick<
  QueryEngine,
  "query" | "startTransaction" | "endTransaction" | "holds" | "stop" | "retire"
>;

/** Makes an engine; `onPanic` is told when it has panicked. */
export type StartEngine = (onPanic: (error: Error) => void) => Promise<Engine>;

export class RestartingEngine implements Omit<Engine, "holds" | "retire"> {
  readonly #start: StartEngine;
  readonly #log: (line: string) => void;
  /** Engines that have panicked and finish what they had begun. */
  readonly #retiring = new Set<Engine>();
  #current: Promise<Engine>;
  #starting = false;

  private constructor(start: StartEngine, log: (line: string) => void) {
    this.#start = start;
    this.#log = log;
    this.#current = this.#fresh();
  }

  /** @throws when the first engine does not start */
  static async start(start: StartEngine, log: (line: string) => void): Promise<RestartingEngine> {
    const engine = new RestartingEngine(start, log);
    await engine.#current;
    return engine;
  }

  query(body: QueryBody, transaction?: string): Promise<Answer> {
    return this.#call((engine) => engine.query(body, transaction), transaction);
  }

  startTransaction(options: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.#call((engine) => engine.startTransaction(options));
  }

  endTransaction(id: string, end: "commit" | "rollback"): Promise<Answer> {
    return this.#call((engine) => engine.endTransaction(id, end), id);
  }

  async stop(): Promise<void> {
    await (await this.#current).stop();
  }

  async #call(work: (engine: Engine) => Promise<Answer>, transaction?: string): Promise<Answer> {
    const retiring =
      transaction === undefined ? undefined : [...this.#retiring].find((engine) => engine.holds(transaction));
    return work(retiring ?? (await this.#running()));
  }

  /** The engine for new calls. One that did not start is started again with the next call. */
  #running(): Promise<Engine> {
    return this.#current.catch(() => {
      if (!this.#starting) this.#current = this.#fresh();
      return this.#current;
    });
  }

  #fresh(): Promise<Engine> {
    this.#starting = true;
    let engine: Promise<Engine> | undefined;
    const onPanic = (error: Error) => {
      this.#log(`the engine has panicked (${error.stack ?? error.message}) and is started again`);
      if (this.#current === engine) this.#current = this.#fresh();
      engine?.then((old) => this.#retire(old)).catch(() => {}); // It never ran.
    };
    engine = this.#start(onPanic).finally(() => {
      this.#starting = false;
    });
    engine.catch((error: Error) => this.#log(`the engine did not start: ${error.message}`));
    return engine;
  }

  async #retire(engine: Engine): Promise<void> {
    this.#retiring.add(engine);
    await engine.retire();
    this.#retiring.delete(engine);
  }
}
