/**
 * Applies LiteLLM's migrations as Prisma 5.17's `migrate deploy` does, and records them as it does, so that a
 * database can move between the official image and ours, in both directions.
 */

import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Catalogue, upgradeSql } from "./baseline.ts";
import { type DatabaseSettings, quoted } from "./database-url.ts";
import {
  fitsTransaction,
  forTransaction,
  isStillComing,
  type Migration,
  MigrationError,
  type MigrationRow,
  migration,
  missing,
  plan,
  saysDoneBefore,
  type Tables,
  tablesOf,
} from "./migrations.ts";

export interface MigrateOptions {
  readonly database: DatabaseSettings;
  /** The folder of the Python package `litellm_proxy_extras`: `migrations/` and `schema.prisma`. */
  readonly folder: string;
  /** Seconds to wait for the database, and for another migration that is running. Default 120. */
  readonly waitSeconds?: number;
  readonly report: (line: string) => void;
}

export interface MigrateResult {
  /** Names of the migrations that this run applied. */
  readonly applied: readonly string[];
  /** Whether tables made without migrations were taken over. */
  readonly baselined: boolean;
}

/** The number that Prisma's `migrate deploy` locks, so that the two never run at once. */
const ADVISORY_LOCK = 72707369;
const POLL_MS = 100;

/** The layout of Prisma 5.17 (schema-engine, `create_migrations_table` of PostgreSQL). */
const CREATE_TABLE = `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings the database to the state that this LiteLLM needs. With nothing to do it only looks.
 *
 * @throws MigrationError when a migration fails (it is rolled back), when the database is newer, when it does
 * not come up in time, or when tables or columns are missing at the end
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const { database, folder, waitSeconds = 120, report } = options;
  const deadline = Date.now() + waitSeconds * 1000;
  const [migrations, datamodel] = await Promise.all([
    readMigrations(folder),
    readFile(join(folder, "schema.prisma"), "utf8"),
  ]);
  const tables = tablesOf(datamodel);
  const client = await connected(database, deadline, report);
  try {
    await lock(client, deadline, report);
    const result = await bringUp(client, database, migrations, tables, report);
    const lacking = missing(tables, await columnsOf(client, database.schema));
    if (lacking.length > 0)
      throw new MigrationError(
        `all migrations are applied, but the database lacks ${lacking.slice(0, 5).join(", ")}${lacking.length > 5 ? ` and ${lacking.length - 5} more` : ""}. Someone changed it, or a migration was marked as applied that was not: restore a backup.`,
      );
    return result;
  } finally {
    await client.end();
  }
}

/** Reads the migrations of a `litellm_proxy_extras` folder, in the order of their names. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const root = join(folder, "migrations");
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => migration(name, await readFile(join(root, name, "migration.sql")))),
  );
}

async function connected(
  database: DatabaseSettings,
  deadline: number,
  report: (line: string) => void,
): Promise<pg.Client> {
  for (let waiting = false; ; ) {
    const client = new pg.Client({ ...database.pool, connectionTimeoutMillis: database.connectTimeoutMs });
    // A connection that breaks between two statements makes the next statement fail; that error is reported.
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(`SET search_path TO ${quoted(database.schema)}`);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const { host, port } = database.pool;
      const reason = (error as Error).message || (error as NodeJS.ErrnoException).code;
      if (!isStillComing(error) || Date.now() > deadline)
        throw new MigrationError(`cannot connect to the database at \`${host}:${port}\`: ${reason}`, {
          cause: error,
        });
      if (!waiting) report(`waiting for the database at ${host}:${port} (${reason})`);
      waiting = true;
      await sleep(POLL_MS);
    }
  }
}

/** Asks again and again instead of waiting in the server: a waiting session would block `CREATE INDEX CONCURRENTLY`. */
async function lock(client: pg.Client, deadline: number, report: (line: string) => void): Promise<void> {
  for (let waiting = false; ; ) {
    const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [
      ADVISORY_LOCK,
    ]);
    if (rows[0]?.got) return;
    if (Date.now() > deadline)
      throw new MigrationError(
        "another migration holds the database's lock; wait until it has ended, or end its session",
      );
    if (!waiting) report("waiting for another migration to end");
    waiting = true;
    await sleep(POLL_MS);
  }
}

async function bringUp(
  client: pg.Client,
  database: DatabaseSettings,
  migrations: readonly Migration[],
  tables: Tables,
  report: (line: string) => void,
): Promise<MigrateResult> {
  const { schema } = database;
  const rows = await recorded(client);
  const { pending, unfinished } = plan(migrations, rows ?? []);
  if (pending.length === 0 && unfinished.length === 0) return { applied: [], baselined: false };
  if (!rows) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
  }
  if (!rows || rows.length === 0) {
    const there = await columnsOf(client, schema);
    if ([...tables.keys()].some((table) => there.has(table))) {
      await baseline(client, database, migrations, rows === undefined, report);
      return { applied: [], baselined: true };
    }
  }
  if (!rows) await client.query(CREATE_TABLE);
  for (const { id, migration_name } of unfinished) {
    report(
      `migration ${migration_name} did not finish last time; it is marked as rolled back and tried again`,
    );
    await client.query("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = $1", [id]);
  }
  const interrupted = new Set(unfinished.map((row) => row.migration_name));
  for (const [index, pendingOne] of pending.entries()) {
    report(`migration ${index + 1} of ${pending.length}: ${pendingOne.name}`);
    await apply(client, pendingOne, interrupted.has(pendingOne.name), report);
  }
  return { applied: pending.map(({ name }) => name), baselined: false };
}

/** The rows of `_prisma_migrations`, or undefined when there is no such table. */
async function recorded(client: pg.Client): Promise<readonly MigrationRow[] | undefined> {
  try {
    const { rows } = await client.query<MigrationRow>(
      `SELECT id, migration_name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
       FROM _prisma_migrations ORDER BY started_at`,
    );
    return rows;
  } catch (error) {
    if ((error as pg.DatabaseError).code === "42P01") return undefined; // undefined_table
    throw error;
  }
}

async function apply(
  client: pg.Client,
  { name, sql, checksum }: Migration,
  interrupted: boolean,
  report: (line: string) => void,
): Promise<void> {
  const id = randomUUID();
  const begin = () =>
    client.query(
      "INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name) VALUES ($1, $2, clock_timestamp(), $3)",
      [id, checksum, name],
    );
  const finish = () =>
    client.query(
      "UPDATE _prisma_migrations SET applied_steps_count = 1, finished_at = clock_timestamp() WHERE id = $1",
      [id],
    );
  if (!fitsTransaction(sql)) {
    // As Prisma does: the row first, so that a failure half-way is on record.
    await begin();
    try {
      await client.query(sql);
    } catch (error) {
      await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, logOf(name, error)]);
      throw failed(name, error, "It cannot run in a transaction, so a part of it may have been done.");
    }
    await finish();
    return;
  }
  await client.query("BEGIN");
  try {
    await begin();
    await client.query(sql);
    await finish();
    await client.query("COMMIT");
  } catch (error) {
    // A broken connection has rolled back already.
    await client.query("ROLLBACK").catch(() => {});
    if (interrupted && saysDoneBefore(error)) {
      report(`migration ${name} had been done before its record was finished`);
      await recordApplied(client, [{ name, sql, checksum }]);
      return;
    }
    await recordRolledBack(client, { name, sql, checksum }, logOf(name, error)).catch((cause: Error) =>
      report(`the failure could not be recorded: ${cause.message}`),
    );
    throw failed(name, error, "It was rolled back, the database is as before it.");
  }
}

function failed(name: string, error: unknown, state: string): MigrationError {
  const { message, detail } = error as pg.DatabaseError;
  return new MigrationError(
    `migration \`${name}\` failed: ${message}${detail ? ` (${detail})` : ""}. ${state}`,
    {
      cause: error,
    },
  );
}

/** In the words of Prisma's own log. */
function logOf(name: string, error: unknown): string {
  const { code, message } = error as pg.DatabaseError;
  return `A migration failed to apply. New migrations cannot be applied before the error is recovered from.\n\nMigration name: ${name}\n\nDatabase error code: ${code ?? "none"}\n\nDatabase error:\n${message}\n`;
}

/** As `prisma migrate resolve --applied` records it. */
async function recordApplied(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  for (const { name, checksum } of migrations)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)
       SELECT $1, $2, '', at, at, $3 FROM clock_timestamp() AS at`,
      [randomUUID(), checksum, name],
    );
}

/** A failed run, as after `prisma migrate resolve --rolled-back`; the same failure is recorded once. */
async function recordRolledBack(
  client: pg.Client,
  { name, checksum }: Migration,
  log: string,
): Promise<void> {
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, logs, started_at, rolled_back_at, migration_name)
     SELECT $1, $2::text, $3::text, at, at, $4::text FROM clock_timestamp() AS at
     WHERE NOT EXISTS (SELECT FROM _prisma_migrations
       WHERE migration_name = $4::text AND checksum = $2::text AND logs = $3::text)`,
    [randomUUID(), checksum, log, name],
  );
}

async function columnsOf(client: pg.Client, schema: string): Promise<Tables> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') GROUP BY c.relname`,
    [schema],
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/**
 * Takes over tables that were made without migrations: compares them with what the migrations make, and makes what is
 * missing, all in one transaction.
 */
async function baseline(
  client: pg.Client,
  database: DatabaseSettings,
  migrations: readonly Migration[],
  createTable: boolean,
  report: (line: string) => void,
): Promise<void> {
  report("the database was made without migrations; it is compared with what they make");
  const { schema } = database;
  try {
    const wanted = await catalogueAfter(client, database, migrations);
    await client.query("BEGIN");
    const statements = upgradeSql(await catalogueOf(client, schema), wanted);
    for (const statement of statements) {
      report(statement);
      await client.query(statement);
    }
    if (createTable) await client.query(CREATE_TABLE);
    await recordApplied(client, migrations);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw new MigrationError(
      `the tables in this database, made without migrations, could not be brought up to date: ${(error as Error).message}. Nothing was changed. Start LiteLLM's official image of the same version on it once, or restore it into an empty database.`,
      { cause: error },
    );
  }
}

/**
 * What the migrations make. They run in a database of their own: some ask for a constraint by its name alone, and so
 * would find those of the database that they are compared with.
 */
async function catalogueAfter(
  client: pg.Client,
  { pool }: DatabaseSettings,
  migrations: readonly Migration[],
): Promise<Catalogue> {
  // Of one name for each database: nobody else works on this one, and what a killed run left is found again.
  const database = `${pool.database}_llm_stack_baseline`;
  await client.query(`DROP DATABASE IF EXISTS ${quoted(database)}`);
  await client.query(`CREATE DATABASE ${quoted(database)}`);
  const scratch = new pg.Client({ ...pool, database });
  scratch.on("error", () => {}); // As above.
  try {
    await scratch.connect();
    for (const { sql } of migrations) await scratch.query(forTransaction(sql));
    return await catalogueOf(scratch, "public");
  } finally {
    await scratch.end();
    await client.query(`DROP DATABASE ${quoted(database)}`);
  }
}

/** What `schema` holds; it must be the search path, so that PostgreSQL writes names without it. */
async function catalogueOf(client: pg.Client, schema: string): Promise<Catalogue> {
  const enums = await client.query<{ name: string; values: string[] }>(
    `SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS values
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
     WHERE n.nspname = $1 GROUP BY t.typname`,
    [schema],
  );
  const columns = await client.query<{
    table: string;
    name: string;
    type: string;
    not_null: boolean;
    default: string | null;
  }>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum`,
    [schema],
  );
  const constraints = await client.query<{ name: string; table: string; definition: string }>(
    `SELECT o.conname AS name, c.relname AS table, pg_get_constraintdef(o.oid) AS definition
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND o.contype IN ('p', 'u', 'f', 'c')`,
    [schema],
  );
  const indexes = await client.query<{ name: string; table: string; definition: string; unique: boolean }>(
    `SELECT i.relname AS name, c.relname AS table, pg_get_indexdef(i.oid) AS definition, x.indisunique AS unique
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.oid AND o.conrelid = c.oid)`,
    [schema],
  );
  const tables = new Map<
    string,
    Map<string, Catalogue["tables"] extends ReadonlyMap<string, ReadonlyMap<string, infer C>> ? C : never>
  >();
  for (const row of columns.rows) {
    const table = tables.get(row.table) ?? new Map();
    table.set(row.name, { type: row.type, notNull: row.not_null, default: row.default });
    tables.set(row.table, table);
  }
  // `pg_get_indexdef` writes the schema's name, quoted only where it must be.
  const prefix = new RegExp(` ON (ONLY )?(?:${escaped(schema)}|${escaped(quoted(schema))})\\.`);
  return {
    enums: new Map(enums.rows.map(({ name, values }) => [name, values])),
    tables,
    constraints: new Map(constraints.rows.map(({ name, ...rest }) => [name, rest])),
    indexes: new Map(
      indexes.rows.map(({ name, definition, ...rest }) => [
        name,
        { ...rest, definition: definition.replace(prefix, " ON $1") },
      ]),
    ),
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
