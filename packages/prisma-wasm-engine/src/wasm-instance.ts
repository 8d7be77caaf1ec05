/** An instance of Prisma's WASM engine whose panics are caught where they happen. */

import * as glue from "@prisma/client/runtime/query_engine_bg.postgresql.mjs";

/** Through these the engine's tasks go on: microtasks, timers and answers of the database. */
const CALLBACK = /^wasm_bindgen__convert__closures_+invoke__/;

type Callback = (...args: unknown[]) => unknown;

/** The panics of one instance. */
export class Panics {
  readonly #all: Error[] = [];
  /** Settles with the first one. */
  readonly first: Promise<Error>;
  readonly add: (error: Error) => void;

  constructor() {
    let tell: (error: Error) => void = () => {};
    this.first = new Promise((resolve) => {
      tell = resolve;
    });
    this.add = (error) => {
      this.#all.push(error);
      tell(error);
    };
  }

  get count(): number {
    return this.#all.length;
  }

  /** Whether memory or stack may be damaged: a panic of Rust itself is `unreachable`, and does not do that. */
  get damaging(): boolean {
    return this.#all.some(({ message }) => message !== "unreachable");
  }
}

/**
 * Makes an instance and binds the glue code to it. A panic in a task of the engine would be an exception that no
 * caller can catch; here it ends at the border.
 */
export async function wasmInstance(wasm: WebAssembly.Module, panics: Panics): Promise<typeof glue> {
  const { exports } = await WebAssembly.instantiate(wasm, { "./query_engine_bg.js": glue });
  const guarded = Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      CALLBACK.test(name) ? caught(value as Callback, panics) : value,
    ]),
  );
  glue.__wbg_set_wasm(guarded);
  (exports.__wbindgen_start as () => void)();
  return glue;
}

function caught(callback: Callback, panics: Panics): Callback {
  return (...args) => {
    try {
      return callback(...args);
    } catch (error) {
      panics.add(error as Error);
      return undefined;
    }
  };
}
