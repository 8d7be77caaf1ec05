/**
 * Brings a database that LiteLLM made without migrations (`prisma db push`, its default for long) to the state
 * that the migrations describe. Pure: two catalogues in, SQL out.
 *
 * LiteLLM's own way is a diff by Prisma's schema engine, applied as it is, which also drops tables and columns
 * that the schema does not know. Here nothing that holds data is ever dropped.
 */

import { quoted } from "./database-url.ts";

export interface Column {
  readonly type: string;
  readonly notNull: boolean;
  /** SQL, or null. */
  readonly default: string | null;
}

/** What a schema holds. All SQL in it is written without the schema's name. */
export interface Catalogue {
  /** Enum type → its values, in order. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Column>>;
  /** Constraint → its table and definition. */
  readonly constraints: ReadonlyMap<string, { readonly table: string; readonly definition: string }>;
  /** Index, other than a constraint's → its definition, table, and whether it is unique. */
  readonly indexes: ReadonlyMap<
    string,
    { readonly table: string; readonly definition: string; readonly unique: boolean }
  >;
}

/** The statements that make `found` serve as `wanted`, in order. */
export function upgradeSql(found: Catalogue, wanted: Catalogue): readonly string[] {
  return [
    ...enumSql(found, wanted),
    ...[...wanted.tables].flatMap(([table, columns]) => tableSql(table, columns, found.tables.get(table))),
    ...constraintSql(found, wanted),
    ...indexSql(found, wanted),
  ];
}

function enumSql(found: Catalogue, wanted: Catalogue): string[] {
  return [...wanted.enums].flatMap(([name, values]) => {
    const there = found.enums.get(name);
    if (!there) return [`CREATE TYPE ${quoted(name)} AS ENUM (${values.map(literal).join(", ")})`];
    return values
      .filter((value) => !there.includes(value))
      .map((value) => `ALTER TYPE ${quoted(name)} ADD VALUE ${literal(value)}`);
  });
}

function tableSql(
  table: string,
  wanted: ReadonlyMap<string, Column>,
  found: ReadonlyMap<string, Column> | undefined,
): string[] {
  if (!found) {
    const columns = [...wanted].map(([name, column]) => columnSql(name, column));
    return [`CREATE TABLE ${quoted(table)} (${columns.join(", ")})`];
  }
  const changes = [...wanted].flatMap(([name, column]) => {
    const there = found.get(name);
    return there ? changeSql(name, there, column) : [`ADD COLUMN ${columnSql(name, column)}`];
  });
  // LiteLLM gives no value to a column that it does not know.
  const unknown = [...found]
    .filter(([name, column]) => !wanted.has(name) && column.notNull && column.default === null)
    .map(([name]) => `ALTER COLUMN ${quoted(name)} DROP NOT NULL`);
  return [...changes, ...unknown].map((change) => `ALTER TABLE ${quoted(table)} ${change}`);
}

function columnSql(name: string, column: Column): string {
  const initial = column.default === null ? "" : ` DEFAULT ${column.default}`;
  return `${quoted(name)} ${column.type}${initial}${column.notNull ? " NOT NULL" : ""}`;
}

function changeSql(name: string, found: Column, wanted: Column): string[] {
  const alter = `ALTER COLUMN ${quoted(name)}`;
  const changes: string[] = [];
  if (found.type !== wanted.type) {
    // The old default may not fit the new type.
    if (found.default !== null) changes.push(`${alter} DROP DEFAULT`);
    changes.push(`${alter} TYPE ${wanted.type} USING ${quoted(name)}::${wanted.type}`);
    if (wanted.default !== null) changes.push(`${alter} SET DEFAULT ${wanted.default}`);
  } else if (found.default !== wanted.default) {
    changes.push(
      wanted.default === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${wanted.default}`,
    );
  }
  if (found.notNull !== wanted.notNull) changes.push(`${alter} ${wanted.notNull ? "SET" : "DROP"} NOT NULL`);
  return changes;
}

function constraintSql(found: Catalogue, wanted: Catalogue): string[] {
  const drop = (name: string, table: string) =>
    `ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`;
  const same = (a: { table: string; definition: string }, b: { table: string; definition: string }) =>
    a.table === b.table && a.definition === b.definition;
  const changes = [...wanted.constraints].flatMap(([name, constraint]) => {
    const there = found.constraints.get(name);
    if (there && same(there, constraint)) return [];
    if ([...found.constraints.values()].some((other) => same(other, constraint))) return [];
    const add = `ALTER TABLE ${quoted(constraint.table)} ADD CONSTRAINT ${quoted(name)} ${constraint.definition}`;
    return there ? [drop(name, there.table), add] : [add];
  });
  // Keys refer to others, which must be there first.
  const order = (sql: string) => (/ DROP CONSTRAINT /.test(sql) ? 0 : / FOREIGN KEY /.test(sql) ? 2 : 1);
  return changes.sort((a, b) => order(a) - order(b));
}

function indexSql(found: Catalogue, wanted: Catalogue): string[] {
  // A unique index of former days would refuse rows that LiteLLM now writes.
  const obsolete = [...found.indexes].filter(
    ([name, index]) => index.unique && wanted.tables.has(index.table) && !wanted.indexes.has(name),
  );
  const changes = [...wanted.indexes].flatMap(([name, index]) => {
    const there = found.indexes.get(name);
    if (there?.definition === index.definition) return [];
    return there ? [`DROP INDEX ${quoted(name)}`, index.definition] : [index.definition];
  });
  return [...obsolete.map(([name]) => `DROP INDEX ${quoted(name)}`), ...changes];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
