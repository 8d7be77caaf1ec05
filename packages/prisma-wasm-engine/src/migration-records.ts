/** The table `_prisma_migrations`, read and written as Prisma 5.17 does. */

import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Migration, MigrationRow } from "./migrations.ts";

/** The layout of Prisma 5.17 (schema-engine, `create_migrations_table` of PostgreSQL). */
export const CREATE_TABLE = `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/** The rows of `_prisma_migrations`, or undefined when there is no such table. */
export async function recorded(client: pg.Client): Promise<readonly MigrationRow[] | undefined> {
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

/** As `prisma migrate resolve --applied` records it. */
export async function recordApplied(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  for (const { name, checksum } of migrations)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)
       SELECT $1, $2, '', at, at, $3 FROM clock_timestamp() AS at`,
      [randomUUID(), checksum, name],
    );
}

/** A failed run, as after `prisma migrate resolve --rolled-back`; the same failure is recorded once. */
export async function recordRolledBack(
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
