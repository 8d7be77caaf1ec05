/**
 * Applies LiteLLM's migrations as Prisma 5.17's `migrate deploy` does, and records them as it does, so that a
 * database can move between the official image and ours, in both directions.
 */

import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { upgradeSql } from "./baseline.ts";
import { type DatabaseSettings, quoted } from "./database-url.ts";
import { connected, lock } from "./migration-connection.ts";
import { CREATE_TABLE, recordApplied, recorded, recordRolledBack } from "./migration-records.ts";
import {
  fitsTransaction,
  type Migration,
  MigrationError,
  migration,
  missing,
  plan,
  saysDoneBefore,
  type Tables,
  tablesOf,
} from "./migrations.ts";
import { catalogueAfter, catalogueOf, columnsOf } from "./read-catalogue.ts";

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
async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const root = join(folder, "migrations");
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => migration(name, await readFile(join(root, name, "migration.sql")))),
  );
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
