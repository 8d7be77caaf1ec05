import { describe, expect, it } from "vitest";
import { type Catalogue, type Column, upgradeSql } from "../../src/baseline.ts";

const column = (type: string, notNull = false, initial: string | null = null): Column => ({
  type,
  notNull,
  default: initial,
});

const catalogue = (parts: {
  enums?: Record<string, string[]>;
  tables?: Record<string, Record<string, Column>>;
  constraints?: Record<string, { table: string; definition: string }>;
  indexes?: Record<string, { table: string; definition: string; unique: boolean }>;
}): Catalogue => ({
  enums: new Map(Object.entries(parts.enums ?? {})),
  tables: new Map(
    Object.entries(parts.tables ?? {}).map(([name, columns]) => [name, new Map(Object.entries(columns))]),
  ),
  constraints: new Map(Object.entries(parts.constraints ?? {})),
  indexes: new Map(Object.entries(parts.indexes ?? {})),
});

describe("an existing schema", () => {
  it("that is as wanted is left alone", () => {
    const same = catalogue({
      enums: { E: ["A"] },
      tables: { T: { id: column("text", true, "'x'::text") } },
      constraints: { T_pkey: { table: "T", definition: "PRIMARY KEY (id)" } },
      indexes: { i: { table: "T", definition: 'CREATE INDEX i ON "T" USING btree (id)', unique: false } },
    });
    expect(upgradeSql(same, same)).toEqual([]);
  });

  it("gets the types, tables, constraints and indexes it lacks, in an order that works", () => {
    const wanted = catalogue({
      enums: { E: ["A", "it's"] },
      tables: { T: { id: column("text", true), e: column('"E"', false, `'A'::"E"`) } },
      constraints: {
        T_fk: { table: "T", definition: "FOREIGN KEY (id) REFERENCES u(id)" },
        T_pkey: { table: "T", definition: "PRIMARY KEY (id)" },
      },
      indexes: { i: { table: "T", definition: 'CREATE INDEX i ON "T" (id)', unique: false } },
    });
    expect(upgradeSql(catalogue({}), wanted)).toEqual([
      `CREATE TYPE "E" AS ENUM ('A', 'it''s')`,
      `CREATE TABLE "T" ("id" text NOT NULL, "e" "E" DEFAULT 'A'::"E")`,
      'ALTER TABLE "T" ADD CONSTRAINT "T_pkey" PRIMARY KEY (id)',
      'ALTER TABLE "T" ADD CONSTRAINT "T_fk" FOREIGN KEY (id) REFERENCES u(id)',
      'CREATE INDEX i ON "T" (id)',
    ]);
    const { enums, ...rest } = wanted;
    expect(upgradeSql({ ...rest, enums: new Map([["E", ["A"]]]) }, wanted)).toEqual([
      `ALTER TYPE "E" ADD VALUE 'it''s'`,
    ]);
    expect(enums.size).toBe(1);
  });

  it("gets its columns added and changed, and none dropped", () => {
    const found = catalogue({
      tables: {
        T: {
          type: column("integer", false, "0"),
          plainType: column("integer"),
          initial: column("text", false, "'a'::text"),
          noInitial: column("text", false, "'a'::text"),
          strict: column("text", true),
          lax: column("text"),
          unknown: column("text", true),
          unknownWithDefault: column("text", true, "'x'::text"),
        },
      },
    });
    const wanted = catalogue({
      tables: {
        T: {
          type: column("bigint", false, "0"),
          plainType: column("bigint"),
          initial: column("text", false, "'b'::text"),
          noInitial: column("text"),
          strict: column("text"),
          lax: column("text", true),
          added: column("jsonb", true, "'{}'::jsonb"),
        },
      },
    });
    expect(upgradeSql(found, wanted)).toEqual(
      [
        'ALTER COLUMN "type" DROP DEFAULT',
        'ALTER COLUMN "type" TYPE bigint USING "type"::bigint',
        'ALTER COLUMN "type" SET DEFAULT 0',
        'ALTER COLUMN "plainType" TYPE bigint USING "plainType"::bigint',
        `ALTER COLUMN "initial" SET DEFAULT 'b'::text`,
        'ALTER COLUMN "noInitial" DROP DEFAULT',
        'ALTER COLUMN "strict" DROP NOT NULL',
        'ALTER COLUMN "lax" SET NOT NULL',
        `ADD COLUMN "added" jsonb DEFAULT '{}'::jsonb NOT NULL`,
        'ALTER COLUMN "unknown" DROP NOT NULL',
      ].map((change) => `ALTER TABLE "T" ${change}`),
    );
  });

  it("keeps tables, columns and indexes of others; only unique indexes on LiteLLM's tables go", () => {
    const index = (table: string, unique: boolean) => ({ table, definition: "as it was", unique });
    const found = catalogue({
      tables: { T: { id: column("text") }, Mine: { id: column("text", true) } },
      constraints: { own: { table: "T", definition: "CHECK (true)" } },
      indexes: { old: index("T", true), slow: index("T", false), mine: index("Mine", true) },
    });
    expect(upgradeSql(found, catalogue({ tables: { T: { id: column("text") } } }))).toEqual([
      'DROP INDEX "old"',
    ]);
  });

  it("gets constraints and indexes replaced that are defined differently, not those only named differently", () => {
    const found = catalogue({
      tables: { T: {} },
      constraints: {
        fk: { table: "T", definition: "FOREIGN KEY (a) REFERENCES b(c)" },
        otherName: { table: "T", definition: "PRIMARY KEY (id)" },
      },
      indexes: { i: { table: "T", definition: "CREATE INDEX i ON t (a)", unique: false } },
    });
    const wanted = catalogue({
      tables: { T: {} },
      constraints: {
        fk: { table: "T", definition: "FOREIGN KEY (a) REFERENCES b(c) ON DELETE CASCADE" },
        T_pkey: { table: "T", definition: "PRIMARY KEY (id)" },
      },
      indexes: { i: { table: "T", definition: "CREATE INDEX i ON t (a, b)", unique: false } },
    });
    expect(upgradeSql(found, wanted)).toEqual([
      'ALTER TABLE "T" DROP CONSTRAINT "fk"',
      'ALTER TABLE "T" ADD CONSTRAINT "fk" FOREIGN KEY (a) REFERENCES b(c) ON DELETE CASCADE',
      'DROP INDEX "i"',
      "CREATE INDEX i ON t (a, b)",
    ]);
  });
});
