/** What a database holds, read from PostgreSQL's catalogue. */

import pg from "pg";
import type { Catalogue } from "./baseline.ts";
import { type DatabaseSettings, quoted } from "./database-url.ts";
import { forTransaction, type Migration, type Tables } from "./migrations.ts";

/** Tables of `schema`, with the names of their columns. */
export async function columnsOf(client: pg.Client, schema: string): Promise<Tables> {
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
 * What the migrations make. They run in a database of their own: some ask for a constraint by its name alone, and so
 * would find those of the database that they are compared with.
 */
export async function catalogueAfter(
  client: pg.Client,
  { pool }: DatabaseSettings,
  migrations: readonly Migration[],
): Promise<Catalogue> {
  // Of one name for each database: nobody else works on this one, and what a killed run left is found again.
  const database = `${pool.database}_llm_stack_baseline`;
  await client.query(`DROP DATABASE IF EXISTS ${quoted(database)}`);
  await client.query(`CREATE DATABASE ${quoted(database)}`);
  const scratch = new pg.Client({ ...pool, database });
  scratch.on("error", () => {}); // As in `connected`.
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
export async function catalogueOf(client: pg.Client, schema: string): Promise<Catalogue> {
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
