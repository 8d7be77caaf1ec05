/** Decisions about LiteLLM's migrations and the table that records them. Pure. */

import { createHash } from "node:crypto";

/** One folder of `litellm_proxy_extras/migrations`. */
export interface Migration {
  /** The folder's name, such as `20250326162113_baseline`. */
  readonly name: string;
  readonly sql: string;
  /** As Prisma records it: SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

/** A row of `_prisma_migrations`, as far as decisions need it. */
export interface MigrationRow {
  readonly id: string;
  readonly migration_name: string;
  readonly finished: boolean;
  readonly rolled_back: boolean;
}

/** Something is in the way that a person must decide; the message names it and how to fix it. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

export interface Plan {
  /** In order, not yet applied. */
  readonly pending: readonly Migration[];
  /** Rows of migrations that began and neither finished nor were rolled back. */
  readonly unfinished: readonly MigrationRow[];
}

export function migration(name: string, content: Buffer): Migration {
  return {
    name,
    sql: content.toString("utf8"),
    checksum: createHash("sha256").update(content).digest("hex"),
  };
}

/**
 * Rows that LiteLLM itself writes for migrations of no release, when it takes over a database that was made
 * without migrations (`litellm_proxy_extras/utils.py`, `_create_baseline_migration`, `_resolve_all_migrations`).
 */
const MADE_BY_LITELLM = /^(0_init|\d{14}_baseline_diff)$/;

/**
 * What is left to do. Like Prisma's `migrate deploy` it asks only for names: LiteLLM has rewritten its migration
 * files between releases, so a checksum that differs means nothing.
 *
 * Unlike `migrate deploy`, which passes over them in silence, applied migrations that the folder lacks are an
 * error: the database belongs to a newer LiteLLM, whose tables this one would write wrongly.
 *
 * @throws MigrationError in that case
 */
export function plan(migrations: readonly Migration[], rows: readonly MigrationRow[]): Plan {
  const applied = new Set(
    rows.filter((row) => row.finished && !row.rolled_back).map((row) => row.migration_name),
  );
  refuseNewer(new Set(migrations.map(({ name }) => name)), applied);
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)),
    unfinished: rows.filter((row) => !row.finished && !row.rolled_back),
  };
}

/** @throws MigrationError when migrations were applied to the database that this LiteLLM does not know */
export function refuseNewer(known: ReadonlySet<string>, applied: ReadonlySet<string>): void {
  const unknown = [...applied].filter((name) => !known.has(name) && !MADE_BY_LITELLM.test(name)).sort();
  if (unknown.length > 0)
    throw new MigrationError(
      `the database is of a newer LiteLLM than this one: it holds ${unknown.length} migration(s) that this version does not know, the last of them \`${unknown.at(-1)}\`. Deploy the newer version again, or restore a backup that was made before the upgrade.`,
    );
}

/**
 * Whether PostgreSQL can run the script in a transaction of ours: not when it builds an index concurrently or
 * holds transactions of its own.
 */
export function fitsTransaction(sql: string): boolean {
  const code = sql.replace(/--.*$/gm, "").replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "");
  return !/\bCONCURRENTLY\b/i.test(code) && !/^\s*(BEGIN|START\s+TRANSACTION|COMMIT)\b[^;]*;/im.test(code);
}

/** The script as it can run in a transaction, where no one else uses its tables. */
export function forTransaction(sql: string): string {
  return sql
    .replace(/^(?!\s*--)(.*?)\bCONCURRENTLY\b/gim, "$1")
    .replace(/^\s*(BEGIN|START\s+TRANSACTION|COMMIT)\s*;/gim, "");
}

/** Table → names of its columns, as the models of a Prisma schema say. */
export type Tables = ReadonlyMap<string, readonly string[]>;

/** The tables and columns that a Prisma schema needs. Relations, ignored fields and views are left out. */
export function tablesOf(datamodel: string): Tables {
  const code = datamodel.replace(/\/\/.*$/gm, "");
  const models = new Set([...code.matchAll(/^\s*model\s+(\w+)\s*\{/gm)].map(([, name]) => name));
  const tables = new Map<string, readonly string[]>();
  for (const [, model = "", body = ""] of code.matchAll(/^\s*model\s+(\w+)\s*\{([^}]*)\}/gm)) {
    const columns = body.split("\n").flatMap((line) => {
      const [, field, type, rest = ""] = /^\s*(\w+)\s+(\w+)(.*)$/.exec(line) ?? [];
      if (!field || !type || models.has(type) || /@ignore\b/.test(rest)) return [];
      return [/@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(rest)?.[1] ?? field];
    });
    tables.set(/@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(body)?.[1] ?? model, columns);
  }
  return tables;
}

/** What of `wanted` is not in the database: `"Table"` or `"Table"."column"`, in order. */
export function missing(wanted: Tables, found: Tables): readonly string[] {
  return [...wanted].flatMap(([table, columns]) => {
    const there = found.get(table);
    if (!there) return [`"${table}"`];
    return columns.filter((column) => !there.includes(column)).map((column) => `"${table}"."${column}"`);
  });
}

/**
 * Errors that go away by waiting: the server is not there yet, its name is not known yet, or it is starting up,
 * shutting down or restarting.
 */
export function isStillComing(error: unknown): boolean {
  const { code, message = "" } = error as { code?: string; message?: string };
  return (
    (code !== undefined && COMING.has(code)) ||
    /^connection terminated|timeout expired|timeout exceeded/i.test(message)
  );
}

const COMING = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "ENOENT", // a Unix socket that is not made yet
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
]);

/** Errors of a script whose work was done already: duplicate table, column, or another object. */
export function saysDoneBefore(error: unknown): boolean {
  return ["42P07", "42701", "42710"].includes((error as { code?: string }).code ?? "");
}
