/** Types of Prisma's WASM query engine, as far as they are used here; the package ships none for this file. */
declare module "@prisma/client/runtime/query_engine_bg.postgresql.mjs" {
  export class QueryEngine {
    constructor(options: object, log: (line: string) => void, adapter: object);
    connect(trace: string, requestId: string): Promise<void>;
    disconnect(trace: string, requestId: string): Promise<void>;
    query(body: string, trace: string, tx: string | undefined, requestId: string): Promise<string>;
    startTransaction(options: string, trace: string, requestId: string): Promise<string>;
    commitTransaction(id: string, trace: string, requestId: string): Promise<string>;
    trace(requestId: string): Promise<string>;
    rollbackTransaction(id: string, trace: string, requestId: string): Promise<string>;
  }
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** Node's own; its types are part of the DOM library only. */
declare namespace WebAssembly {
  type Exports = Readonly<Record<string, unknown>>;
  function compile(code: Uint8Array): Promise<Module>;
  function instantiate(
    module: Module,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly exports: Exports }>;
}
