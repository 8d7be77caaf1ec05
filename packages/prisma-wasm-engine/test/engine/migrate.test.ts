import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundled, litellm, migrate, type Programs, proxyExtras } from "../support/engine-programs.ts";
import { Postgres } from "../support/postgres.ts";

let postgres: Postgres;
let programs: Programs;
let extras: string;
const folders: string[] = [];

beforeAll(async () => {
  [postgres, programs, { extras }] = await Promise.all([Postgres.create(), bundled(), litellm()]);
});

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

afterAll(async () => {
  await postgres?.remove();
  await programs?.remove();
});

/** A copy of LiteLLM's folder that a test may change. */
async function copyOfExtras(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llm-stack-migrations-"));
  folders.push(folder);
  await cp(extras, folder, { recursive: true });
  return folder;
}

async function withMigration(name: string, sql: string): Promise<string> {
  const folder = await copyOfExtras();
  await mkdir(join(folder, "migrations", name));
  await writeFile(join(folder, "migrations", name, "migration.sql"), sql);
  return folder;
}

async function names(): Promise<string[]> {
  const entries = await readdir(join(extras, "migrations"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

const rowsOf = (database: string) =>
  postgres.sql(database, "SELECT * FROM _prisma_migrations ORDER BY started_at");

/** Everything that makes up the schema, for comparison. */
const schemaOf = (database: string) =>
  postgres.sql(
    database,
    `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
     UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
     ORDER BY 1`,
  );

describe("migrations of LiteLLM 1.73.0", () => {
  it("are applied in order and recorded as Prisma's own `migrate deploy` records them", async () => {
    const database = await postgres.createDatabase();
    const { exitCode, all } = await migrate(programs, postgres.url(database), extras);
    expect(all).not.toContain(postgres.password);
    expect(exitCode, all).toBe(0);
    const rows = await rowsOf(database);
    const expected = await Promise.all(
      (await names()).map(async (name) => ({
        migration_name: name,
        checksum: createHash("sha256")
          .update(await readFile(join(extras, "migrations", name, "migration.sql")))
          .digest("hex"),
        logs: null,
        rolled_back_at: null,
        applied_steps_count: 1,
      })),
    );
    expect(rows).toMatchObject(expected);
    for (const { id, started_at, finished_at } of rows) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(finished_at.getTime()).toBeGreaterThanOrEqual(started_at.getTime());
    }
  });

  it("use the table layout of Prisma 5.17", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    const columns = await postgres.sql(
      database,
      `SELECT column_name, data_type, character_maximum_length AS length, is_nullable, column_default
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    );
    expect(columns.map((column) => Object.values(column))).toEqual([
      ["id", "character varying", 36, "NO", null],
      ["checksum", "character varying", 64, "NO", null],
      ["finished_at", "timestamp with time zone", null, "YES", null],
      ["migration_name", "character varying", 255, "NO", null],
      ["logs", "text", null, "YES", null],
      ["rolled_back_at", "timestamp with time zone", null, "YES", null],
      ["started_at", "timestamp with time zone", null, "NO", "now()"],
      ["applied_steps_count", "integer", null, "NO", "0"],
    ]);
  });

  it("change nothing when they run again", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    const before = await rowsOf(database);
    const again = await migrate(programs, postgres.url(database), extras);
    expect(again.all).toMatch(/^migrate: up to date \(0\.\d+ s\)$/);
    expect(await rowsOf(database)).toEqual(before);
  });

  it("are done once when two start at the same time", async () => {
    const database = await postgres.createDatabase();
    const both = await Promise.all([1, 2].map(() => migrate(programs, postgres.url(database), extras)));
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await rowsOf(database)).toHaveLength((await names()).length);
  });

  it("go into the schema that the URL names", async () => {
    const database = await postgres.createDatabase();
    const { exitCode } = await migrate(programs, postgres.url(database, "schema=proxy"), extras);
    expect(exitCode).toBe(0);
    const [{ count }] = await postgres.sql(database, "SELECT count(*)::int FROM proxy._prisma_migrations");
    expect(count).toBe((await names()).length);
  });
});

describe("a database of the official image", () => {
  it("is up to date when Prisma applied the same migrations, whatever their checksums", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    await postgres.sql(database, "UPDATE _prisma_migrations SET checksum = repeat('0', 64)");
    const { all } = await migrate(programs, postgres.url(database), extras);
    expect(all).toContain("up to date");
  });

  it("may hold the rows that LiteLLM's own baseline leaves", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    for (const name of ["0_init", "20250701120000_baseline_diff"])
      await postgres.sql(
        database,
        "INSERT INTO _prisma_migrations (id, checksum, logs, finished_at, migration_name) VALUES ($1, '', '', now(), $1)",
        [name],
      );
    const { exitCode, all } = await migrate(programs, postgres.url(database), extras);
    expect(exitCode, all).toBe(0);
  });

  it("gets only the migrations that it lacks", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    const newer = await withMigration("20990101000000_more", 'CREATE TABLE "More" (id int);');
    const { all } = await migrate(programs, postgres.url(database), newer);
    expect(all).toContain("applied 1 ");
  });

  it("that a newer LiteLLM has migrated is refused, with how to fix it", async () => {
    const database = await postgres.createDatabase();
    const newer = await withMigration("20990101000000_more", 'CREATE TABLE "More" (id int);');
    await migrate(programs, postgres.url(database), newer);
    const { exitCode, all } = await migrate(programs, postgres.url(database), extras);
    expect(exitCode).toBe(1);
    expect(all).toContain("newer LiteLLM");
    expect(all).toContain("`20990101000000_more`");
    expect(all).toContain("restore a backup");
  });

  it("without a migrations table is taken over: nothing is lost, all that is missing is made", async () => {
    const whole = await postgres.createDatabase();
    await migrate(programs, postgres.url(whole), extras);
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    await postgres.sql(
      database,
      `DROP TABLE _prisma_migrations; DROP TABLE "LiteLLM_HealthCheckTable";
       ALTER TABLE "LiteLLM_SpendLogs" DROP COLUMN session_id;
       ALTER TABLE "LiteLLM_DailyUserSpend" ALTER COLUMN api_requests TYPE integer;
       ALTER TABLE "LiteLLM_OrganizationTable" DROP CONSTRAINT "LiteLLM_OrganizationTable_budget_id_fkey";
       CREATE UNIQUE INDEX "LiteLLM_DailyTagSpend_tag_key" ON "LiteLLM_DailyTagSpend" (tag);
       CREATE TABLE "Mine" (id int); INSERT INTO "LiteLLM_UserTable" (user_id) VALUES ('kept')`,
    );
    const { exitCode, all } = await migrate(programs, postgres.url(database), extras);
    expect(exitCode, all).toBe(0);
    expect(all).toContain("took over the tables");
    await expect(postgres.sql(database, 'SELECT user_id FROM "LiteLLM_UserTable"')).resolves.toEqual([
      { user_id: "kept" },
    ]);
    await postgres.sql(database, 'DROP TABLE "Mine"');
    expect(await schemaOf(database)).toEqual(await schemaOf(whole));
    // As after `prisma migrate resolve --applied`.
    for (const row of await rowsOf(database)) {
      expect(row).toMatchObject({ logs: "", rolled_back_at: null, applied_steps_count: 0 });
      expect(row.finished_at).toEqual(row.started_at);
    }
    expect((await migrate(programs, postgres.url(database), extras)).all).toContain("up to date");
  });

  it.each([
    ["with", ""],
    ["without", "DROP TABLE _prisma_migrations"],
  ])("made by 1.73.0 %s a migrations table gets what 1.106.2 needs", async (_, change) => {
    const newer = await proxyExtras("0.4.108");
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    await postgres.sql(database, `INSERT INTO "LiteLLM_UserTable" (user_id) VALUES ('kept'); ${change}`);
    const { exitCode, all } = await migrate(programs, postgres.url(database), newer);
    expect(exitCode, all).toBe(0);
    await expect(postgres.sql(database, 'SELECT user_id FROM "LiteLLM_UserTable"')).resolves.toEqual([
      { user_id: "kept" },
    ]);
    expect((await migrate(programs, postgres.url(database), newer)).all).toContain("up to date");
    await expect(
      postgres.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE '%baseline'"),
    ).resolves.toEqual([]);
  });
});

describe("a migration that fails", () => {
  const name = "20990101000000_broken";
  const broken = 'CREATE TABLE "Half" (id int); INSERT INTO "Nowhere" VALUES (1);';

  it("is named and rolled back, and runs once it is fixed", async () => {
    const database = await postgres.createDatabase();
    const folder = await withMigration(name, broken);
    for (let attempt = 0; attempt < 2; attempt++) {
      const { exitCode, all } = await migrate(programs, postgres.url(database), folder);
      expect(exitCode).toBe(1);
      expect(all).toContain(`migration \`${name}\` failed: relation "Nowhere" does not exist`);
      expect(all).toContain("rolled back");
    }
    await expect(postgres.sql(database, "SELECT to_regclass('\"Half\"') AS half")).resolves.toEqual([
      { half: null },
    ]);
    const failures = (await rowsOf(database)).filter((row) => row.migration_name === name);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ finished_at: null, applied_steps_count: 0 });
    expect(failures[0].rolled_back_at).not.toBeNull();
    expect(failures[0].logs).toContain("Database error code: 42P01");
    await writeFile(join(folder, "migrations", name, "migration.sql"), 'CREATE TABLE "Half" (id int);');
    expect((await migrate(programs, postgres.url(database), folder)).all).toContain("applied 1 ");
  });

  it("and was left unfinished by Prisma is tried again", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    const folder = await withMigration(name, 'CREATE TABLE "Whole" (id int);');
    await postgres.sql(
      database,
      "INSERT INTO _prisma_migrations (id, checksum, logs, migration_name) VALUES ('x', '', 'failed', $1)",
      [name],
    );
    const { exitCode, all } = await migrate(programs, postgres.url(database), folder);
    expect(exitCode, all).toBe(0);
    const rows = (await rowsOf(database)).filter((row) => row.migration_name === name);
    expect(rows.map((row) => [row.finished_at !== null, row.rolled_back_at !== null])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it("because an interrupted run had done it already counts as applied", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    const folder = await withMigration(name, 'CREATE TABLE "Whole" (id int);');
    await postgres.sql(database, 'CREATE TABLE "Whole" (id int)');
    await postgres.sql(
      database,
      "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', '', $1)",
      [name],
    );
    const { exitCode, all } = await migrate(programs, postgres.url(database), folder);
    expect(exitCode, all).toBe(0);
  });

  it("outside a transaction leaves a record as Prisma's", async () => {
    const database = await postgres.createDatabase();
    const good = await withMigration(
      name,
      'CREATE INDEX CONCURRENTLY "later" ON "LiteLLM_UserTable" (user_email);',
    );
    expect((await migrate(programs, postgres.url(database), good)).exitCode).toBe(0);
    const bad = await withMigration(name, 'CREATE INDEX CONCURRENTLY "later" ON "Nowhere" (id);');
    const other = await postgres.createDatabase();
    const { exitCode, all } = await migrate(programs, postgres.url(other), bad);
    expect(exitCode).toBe(1);
    expect(all).toContain("a part of it may have been done");
    const [row] = (await rowsOf(other)).filter((each) => each.migration_name === name);
    expect(row).toMatchObject({ finished_at: null, rolled_back_at: null });
  });
});

describe("the database", () => {
  it("may come up later", async () => {
    const database = await postgres.createDatabase();
    await postgres.stop();
    const running = migrate(programs, postgres.url(database), extras);
    await sleep(700);
    await postgres.start();
    const { exitCode, all } = await running;
    expect(exitCode, all).toBe(0);
    expect(all).toContain("waiting for the database");
  });

  it("that never comes is an error after the time given, without its password", async () => {
    const url = "postgresql://user:topsecret@127.0.0.1:1/db";
    const { exitCode, all, seconds } = await migrate(programs, url, "--wait", "1", extras);
    expect(exitCode).toBe(1);
    expect(all).toContain("cannot connect to the database at `127.0.0.1:1`");
    expect(all).not.toContain("topsecret");
    expect(seconds).toBeLessThan(10);
  });

  it("that refuses the password is an error at once, without it", async () => {
    const url = postgres.url("postgres").replace(postgres.password, "wrong-password");
    const { exitCode, all, seconds } = await migrate(programs, url, extras);
    expect(exitCode).toBe(1);
    expect(all).toContain("password authentication failed");
    expect(all).not.toContain("wrong-password");
    expect(seconds).toBeLessThan(10);
  });

  it("that lacks a column although all migrations are recorded is an error that names it", async () => {
    const database = await postgres.createDatabase();
    await migrate(programs, postgres.url(database), extras);
    await postgres.sql(database, 'ALTER TABLE "LiteLLM_UserTable" DROP COLUMN user_email');
    const { exitCode, all } = await migrate(programs, postgres.url(database), extras);
    expect(exitCode).toBe(1);
    expect(all).toContain('"LiteLLM_UserTable"."user_email"');
  });
});
