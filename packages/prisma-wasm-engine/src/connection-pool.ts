/** Connections of the engine: a pool of the `pg` driver as the native engine would have it. */

import type { Duplex } from "node:stream";
import pg from "pg";
import { type DatabaseSettings, sessionSql } from "./database-url.ts";

/** A pool that knows its connections, those that are in use too. */
export type Pool = pg.Pool & { readonly open: ReadonlySet<pg.ClientBase> };

/**
 * A pool as the URL asks for. Each connection gets its time zone and schema before its first use, and reads
 * catalogue types that the adapter refuses as text, as the native engine does.
 */
export function connectionPool(database: DatabaseSettings): Pool {
  const open = new Set<pg.ClientBase>();
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      // The pool hides the password from enumeration, so a copy alone would lose it.
      super({
        ...config,
        password: database.pool.password,
        connectionTimeoutMillis: database.connectTimeoutMs,
      });
      useExtendedProtocol(this);
      markConnectErrors(this);
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

/** Breaks all connections, those in use too: the server rolls back what they had begun. */
export function breakConnections(pool: Pool): void {
  for (const client of pool.open) (client as unknown as WithConnection).connection.stream.destroy();
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

/**
 * PostgreSQL's simple protocol, which `pg` uses for statements without values, runs several statements in one text; the
 * native engine does not.
 */
function useExtendedProtocol(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((config: unknown, ...rest: unknown[]) =>
    query(
      typeof config === "object" && config !== null && "rowMode" in config
        ? { ...config, queryMode: "extended" }
        : config,
      ...rest,
    )) as typeof client.query;
}

/** Tells a server that did not let us in from one that was lost later, see `driver-errors.ts`. */
function markConnectErrors(client: pg.ClientBase): void {
  const connect = client.connect.bind(client) as (callback: (error?: Error) => void) => void;
  // The pool connects with a callback.
  client.connect = ((callback: (error?: Error) => void) =>
    connect((error) =>
      callback(error && Object.assign(error, { whileConnecting: true })),
    )) as typeof client.connect;
}
