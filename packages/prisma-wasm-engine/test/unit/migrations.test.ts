import { describe, expect, it } from "vitest";
import {
  fitsTransaction,
  forTransaction,
  isStillComing,
  type MigrationRow,
  migration,
  missing,
  plan,
  saysDoneBefore,
  tablesOf,
} from "../../src/migrations.ts";

const folder = ["20250101000000_a", "20250102000000_b"].map((name) => migration(name, Buffer.from(name)));
const row = (migration_name: string, finished = true, rolled_back = false): MigrationRow => ({
  id: migration_name,
  migration_name,
  finished,
  rolled_back,
});

describe("what is left to do", () => {
  it("is everything for an empty database", () => {
    expect(plan(folder, [])).toEqual({ pending: folder, unfinished: [] });
  });

  it("leaves out what is applied", () => {
    expect(plan(folder, [row("20250101000000_a")]).pending.map(({ name }) => name)).toEqual([
      "20250102000000_b",
    ]);
  });

  it("holds what was rolled back", () => {
    expect(plan(folder, [row("20250101000000_a", true, true)]).pending).toEqual(folder);
    expect(plan(folder, [row("20250101000000_a", false, true)])).toEqual({ pending: folder, unfinished: [] });
  });

  it("names what began and did not finish", () => {
    const unfinished = [row("20250101000000_a", false)];
    expect(plan(folder, unfinished)).toEqual({ pending: folder, unfinished });
  });

  it("is an error when the database knows more, unless LiteLLM's own baseline wrote it", () => {
    const own = [row("0_init"), row("20250701000000_baseline_diff")];
    expect(plan(folder, own).pending).toEqual(folder);
    expect(() => plan(folder, [...own, row("20250103000000_c"), row("20250104000000_d")])).toThrow(
      /holds 2 migration\(s\) that this version does not know, the last of them `20250104000000_d`.*restore a backup/,
    );
    expect(plan(folder, [row("20250103000000_c", false, true)]).pending).toEqual(folder);
  });
});

it("a checksum is the SHA-256 of the file's bytes", () => {
  expect(migration("x", Buffer.from("")).checksum).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

describe("a script", () => {
  it.each([
    ["CREATE TABLE a (id int);", true],
    ["-- CREATE INDEX CONCURRENTLY cannot run here\nCREATE INDEX a ON b (c);", true],
    ["DO $$\nBEGIN\n  PERFORM 1;\nEND $$;", true],
    ["CREATE INDEX CONCURRENTLY a ON b (c);", false],
    ["BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;", false],
  ])("%j fits a transaction: %s", (sql, fits) => {
    expect(fitsTransaction(sql)).toBe(fits);
    expect(fitsTransaction(forTransaction(sql))).toBe(true);
  });
});

describe("a schema's tables", () => {
  const tables = tablesOf(`
    enum Size { SMALL }
    model A { // a comment { with braces }
      id    Int    @id @map("a_id")
      size  Size
      b     B?     @relation(fields: [bId], references: [id])
      bId   Int?
      gone  String @ignore
      @@index([size])
    }
    model B {
      id Int @id
      as A[]
      @@map("bees")
    }`);

  it("are its models, by their names in the database, without relations", () => {
    expect(tables).toEqual(
      new Map([
        ["A", ["a_id", "size", "bId"]],
        ["bees", ["id"]],
      ]),
    );
  });

  it("that are missing are named, and columns too", () => {
    expect(missing(tables, new Map([["A", ["a_id", "bId", "more"]]]))).toEqual(['"A"."size"', '"bees"']);
    expect(missing(tables, tables)).toEqual([]);
  });
});

it.each([
  [{ code: "ECONNREFUSED" }, true],
  [{ code: "ENOTFOUND" }, true],
  [{ code: "EAI_AGAIN" }, true],
  [{ code: "57P03" }, true],
  [new Error("Connection terminated unexpectedly"), true],
  [{ code: "28P01", message: "password authentication failed" }, false],
  [{ code: "3D000" }, false],
  [new Error("other"), false],
])("waiting helps against %j: %s", (error, helps) => {
  expect(isStillComing(error)).toBe(helps);
});

it("errors of work done before are told from others", () => {
  expect(["42P07", "42701", "42710", "42P01"].map((code) => saysDoneBefore({ code }))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(saysDoneBefore(new Error("x"))).toBe(false);
});
