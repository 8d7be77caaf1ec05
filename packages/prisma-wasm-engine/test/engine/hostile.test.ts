import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { get_dmmf } from "@prisma/prisma-schema-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dmmf, schemaTypes } from "../../src/schema-types.ts";
import { type Answer, bundled, EngineProcess, type Programs } from "../support/engine-programs.ts";
import { HostileDocuments } from "../support/hostile-documents.ts";
import { Postgres } from "../support/postgres.ts";

const SCHEMA = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Size {
  SMALL
  LARGE
}

model Thing {
  id    Int       @id @default(autoincrement())
  name  String?   @unique
  names String[]
  doc   Json?
  docs  Json[]
  data  Bytes?
  price Decimal?
  big   BigInt?
  size  Size?
  at    DateTime?
  ratio Float?
  on    Boolean?
  parts Part[]
}

model Part {
  id      String @id
  label   Json
  thing   Thing? @relation(fields: [thingId], references: [id])
  thingId Int?
}
`;
const TABLES = `
CREATE TYPE "Size" AS ENUM ('SMALL', 'LARGE');
CREATE TABLE "Thing" (id serial PRIMARY KEY, name text UNIQUE, names text[], doc jsonb, docs jsonb[], data bytea,
  price numeric(65, 30), big bigint, size "Size", at timestamp(3), ratio float8, "on" boolean);
CREATE TABLE "Part" (id text PRIMARY KEY, label jsonb NOT NULL, "thingId" int REFERENCES "Thing" (id))`;

let postgres: Postgres;
let programs: Programs;
/** Programs that let the engine panic, as they do not look at Json values. */
let unchecked: Programs;
let database: string;

beforeAll(async () => {
  [postgres, programs, unchecked] = await Promise.all([Postgres.create(), bundled(), bundled()]);
  database = await postgres.createDatabase();
  await postgres.sql(database, TABLES);
  for (const { dir } of [programs, unchecked]) await writeFile(join(dir, "schema.prisma"), SCHEMA);
  await replace(join(unchecked.dir, "engine.cjs"), 'return"it is not JSON"', "return");
});

afterAll(async () => {
  await postgres?.remove();
  await programs?.remove();
  await unchecked?.remove();
});

async function replace(path: string, from: string, to: string): Promise<void> {
  const sources = await readFile(path, "utf8");
  expect(sources).toContain(from);
  await writeFile(path, sources.replace(from, to));
}

async function withEngine(
  work: (engine: EngineProcess) => Promise<void>,
  {
    parameters = "",
    of = programs,
    env = {},
  }: { parameters?: string; of?: Programs; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const engine = await EngineProcess.start(of, {
    PRISMA_DML_PATH: join(of.dir, "schema.prisma"),
    DATABASE_URL: postgres.url(database, parameters),
    ...env,
  });
  try {
    await work(engine);
  } finally {
    await engine.stop();
  }
}

const create = (name: string, more = "") =>
  `mutation { result: createOneThing(data: { name: "${name}" ${more} }) { name } }`;
const PANIC = create("panic", 'doc: "[NaN]"');
const SLOW = "SELECT pg_sleep(1)::text AS s";
const code = ({ errors }: Answer) => errors?.[0].user_facing_error.error_code;
const isPanic = ({ errors }: Answer) => errors?.[0].user_facing_error.is_panic;
const begin = (engine: EngineProcess, options = {}) =>
  engine.post("/transaction/start", { timeout: 20_000, max_wait: 5000, ...options });
const names = async () =>
  (await postgres.sql(database, `SELECT name FROM "Thing" ORDER BY name`)).map(({ name }) => name);

describe("when the WASM code panics", () => {
  it("queries and transactions of others go on, and new ones find a new engine", async () => {
    await withEngine(
      async (engine) => {
        const [before, slowOne] = [await begin(engine), await begin(engine)];
        await engine.query(create("others-1"), before.id);
        const slow = [
          engine.raw(SLOW),
          engine.query(`mutation { result: queryRaw(query: "${SLOW}") }`, slowOne.id),
        ];
        await sleep(100);
        const panics = await Promise.all([engine.query(PANIC), engine.query(PANIC)]);
        expect(panics.map(isPanic)).toEqual([true, true]);
        expect((await engine.query(create("others-2"), before.id)).data.result).toEqual({ name: "others-2" });
        const fresh = await begin(engine);
        await engine.query(create("others-3"), fresh.id);
        for (const { data } of await Promise.all(slow)) expect(data.result.rows).toEqual([[""]]);
        for (const { id } of [before, slowOne, fresh])
          expect((await engine.post(`/transaction/${id}/commit`, {})).errors).toBeUndefined();
        expect(await names()).toEqual(["others-1", "others-2", "others-3"]);
        expect(engine.output).toContain("has panicked");
      },
      { of: unchecked },
    );
    await postgres.sql(database, `DELETE FROM "Thing"`);
  });

  it("within a transaction, that one is rolled back", async () => {
    await withEngine(
      async (engine) => {
        const { id } = await begin(engine);
        await engine.query(create("taken"), id);
        expect(isPanic(await engine.query(PANIC, id))).toBe(true);
        expect(code(await engine.query(create("late"), id))).toBe("P2028");
        expect(code(await engine.post(`/transaction/${id}/commit`, {}))).toBe("P2028");
        // It would wait for the open transaction, which has the name.
        expect((await engine.query(create("taken"))).data.result).toEqual({ name: "taken" });
      },
      { of: unchecked },
    );
    await postgres.sql(database, `DELETE FROM "Thing"`);
  });

  it("in a way that may have damaged its memory, others are told that their connection was lost", async () => {
    const path = join(unchecked.dir, "engine.cjs");
    const sources = await readFile(path, "utf8");
    // As if it had overflowed its stack, which has another message.
    await replace(path, '!=="unreachable"', '==="unreachable"');
    await withEngine(
      async (engine) => {
        const { id } = await begin(engine);
        const slow = engine.raw(SLOW);
        await sleep(100);
        expect(code(await engine.query(PANIC))).toBe("P1017");
        expect(code(await slow)).toBe("P1017");
        expect(code(await engine.query(create("late"), id))).toBe("P2028");
        expect((await engine.query("query { result: findManyThing { id } }")).data.result).toEqual([]);
      },
      { of: unchecked },
    );
    await writeFile(path, sources);
  });

  it("again and again, it starts again each time, and its memory is given back", async () => {
    await withEngine(
      async (engine) => {
        for (let panic = 0; panic < 5; panic++) expect(isPanic(await engine.query(PANIC))).toBe(true);
        expect((await engine.query("query { result: findManyThing { id } }")).data.result).toEqual([]);
        const connections = await postgres.sql(
          database,
          "SELECT FROM pg_stat_activity WHERE application_name = 'again'",
        );
        expect(connections.length).toBeLessThanOrEqual(2);
      },
      { of: unchecked, parameters: "application_name=again" },
    );
  });
});

describe("a connection", () => {
  const kill = (application: string) =>
    postgres.sql(
      database,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
      [application],
    );

  it("that is lost says P1017, wherever it is noticed, and its place in the pool is free again", async () => {
    await withEngine(
      async (engine) => {
        for (const wait of [0, 100])
          for (const end of ["commit", "rollback"]) {
            const { id } = await begin(engine);
            await engine.query(create("lost"), id);
            await kill("lost");
            await sleep(wait);
            expect(code(await engine.post(`/transaction/${id}/${end}`, {}))).toBe("P1017");
          }
        const { id } = await begin(engine);
        await kill("lost");
        await sleep(100);
        expect(code(await engine.query(create("lost"), id))).toBe("P1017");
        await engine.post(`/transaction/${id}/rollback`, {});
        const running = engine.raw(SLOW);
        await sleep(100);
        await kill("lost");
        expect(code(await running)).toBe("P1017");
        const locked = postgres.sql(
          database,
          `BEGIN; LOCK TABLE "Thing" IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.7); COMMIT`,
        );
        await sleep(200);
        const waiting = engine.query("query { result: findManyThing { id } }");
        await sleep(200);
        await kill("lost");
        expect(code(await waiting)).toBe("P1017");
        await locked;
        expect((await engine.query("query { result: findManyThing { id } }")).data.result).toEqual([]);
      },
      { parameters: "connection_limit=1&pool_timeout=2&application_name=lost" },
    );
  });

  it("that is not free within `max_wait` says P2028, and is not kept by the transaction that nobody waits for", async () => {
    await withEngine(
      async (engine) => {
        const slow = engine.raw(SLOW);
        await sleep(100);
        const started = performance.now();
        const answer = await begin(engine, { max_wait: 200 });
        expect(performance.now() - started).toBeLessThan(700);
        expect(code(answer)).toBe("P2028");
        expect(answer.errors[0].user_facing_error.message).toBe(
          "Transaction API error: Unable to start a transaction in the given time.",
        );
        await slow;
        expect((await engine.raw("SELECT 1 AS one")).data.result.rows).toEqual([[1]]);
        expect(code(await begin(engine, { max_wait: -1 }))).toBe("P2028");
        expect(code(await begin(engine, { timeout: "x" }))).toBe("P2028");
      },
      { parameters: "connection_limit=1&pool_timeout=5" },
    );
  });

  it("that takes too long, or is one too many, says P1008, P2024 and P2037", async () => {
    await withEngine(
      async (engine) => expect(code(await engine.raw("SELECT pg_sleep(3)::text AS s"))).toBe("P1008"),
      { parameters: "socket_timeout=1" },
    );
    await withEngine(
      async (engine) => {
        const { id } = await begin(engine);
        expect(code(await engine.query("query { result: findManyThing { id } }"))).toBe("P2024");
        expect(code(await begin(engine))).toBe("P2024");
        await engine.post(`/transaction/${id}/rollback`, {});
      },
      { parameters: "connection_limit=1&pool_timeout=1" },
    );
    await postgres.sql(database, "CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 0");
    const few = postgres.url(database).replace(/\/\/.*@/, "//few:few@");
    await withEngine(
      async (engine) => {
        expect(code(await engine.raw("SELECT 1"))).toBe("P2037");
        expect(code(await engine.query("query { result: findManyThing { id } }"))).toBe("P2037");
        expect(code(await begin(engine))).toBe("P2037");
      },
      { env: { DATABASE_URL: few } },
    );
  });

  it.each(["127.0.0.1", "localhost", "no-such-host.invalid"])("to nothing at %s says P1001", async (host) => {
    await withEngine(
      async (engine) => {
        expect(code(await engine.raw("SELECT 1"))).toBe("P1001");
        expect(code(await engine.query("query { result: findManyThing { id } }"))).toBe("P1001");
        const answer = await begin(engine);
        expect(code(answer)).toBe("P1001");
        expect(JSON.stringify(answer) + engine.output).not.toContain("hunter2");
      },
      { env: { DATABASE_URL: `postgresql://u:hunter2@${host}:1/db` } },
    );
  });
});

it("a raw query is one statement, with at most as many values as the protocol counts", async () => {
  await withEngine(async (engine) => {
    expect(code(await engine.raw("SELECT 1; SELECT 2"))).toBe("P2010");
    const list = Array.from({ length: 65_536 }, (_, index) => `$${index + 1}::text`).join();
    expect(code(await engine.raw(`SELECT ARRAY[${list}]`, ...Array(65_536).fill("x")))).toBe("P2035");
  });
});

it("no document of a fuzzer makes it panic, or disturbs a query or transaction beside it", async () => {
  const [seed, runs] = [Number(process.env.FUZZ_SEED ?? 1), Number(process.env.FUZZ_RUNS ?? 400)];
  const types = schemaTypes(JSON.parse(get_dmmf(JSON.stringify({ prismaSchema: SCHEMA }))) as Dmmf);
  const documents = new HostileDocuments(types, seed);
  await withEngine(
    async (engine) => {
      const { id } = await begin(engine, { timeout: 600_000 });
      const answers = { data: 0, errors: 0 };
      for (let run = 0; run < runs; run += 10) {
        const batch = Array.from({ length: 10 }, () => documents.next());
        const [beside, within, ...others] = await Promise.all([
          engine.raw("SELECT 1 AS one"),
          engine.query(`mutation { result: queryRaw(query: "SELECT 2 AS two") }`, id),
          ...batch.map((document) => engine.query(document)),
        ]);
        expect([beside, within].map(({ data }) => data.result.rows)).toEqual([[[1]], [[2]]]);
        for (const [index, answer] of others.entries()) {
          if (answer.data) answers.data += 1;
          else {
            answers.errors += 1;
            expect(answer.errors?.[0]?.user_facing_error?.message, batch[index]).toBeTypeOf("string");
            expect(isPanic(answer), batch[index]).toBe(false);
          }
        }
      }
      expect(engine.output).not.toContain("panicked");
      expect(engine.output).not.toContain("unexpected");
      expect(answers.data).toBeGreaterThan(runs / 20);
      expect((await engine.post(`/transaction/${id}/commit`, {})).errors).toBeUndefined();
    },
    { parameters: "connection_limit=12" },
  );
});
