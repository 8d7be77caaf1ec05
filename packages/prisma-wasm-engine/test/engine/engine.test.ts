import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled, EngineProcess, litellm, migrate, type Programs } from "../support/engine-programs.ts";
import { freePort, Postgres } from "../support/postgres.ts";

let postgres: Postgres;
let programs: Programs;
let schema: string;
let database: string;

beforeAll(async () => {
  let extras: string;
  [postgres, programs, { schema, extras }] = await Promise.all([Postgres.create(), bundled(), litellm()]);
  database = await postgres.createDatabase();
  await migrate(programs, postgres.url(database), extras);
  await execa("node", [join(programs.dir, "query-engine.cjs"), "--prepare"], {
    env: { PRISMA_DML_PATH: schema },
  });
});

afterAll(async () => {
  await postgres?.remove();
  await programs?.remove();
});

/** Runs `work` with an engine over LiteLLM's own schema. */
async function withEngine(
  work: (engine: EngineProcess) => Promise<void>,
  parameters = "",
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const engine = await EngineProcess.start(programs, {
    PRISMA_DML_PATH: schema,
    DATABASE_URL: postgres.url(database, parameters),
    ...env,
  });
  try {
    await work(engine);
  } finally {
    await engine.stop();
  }
}

describe("with LiteLLM 1.73.0's schema", () => {
  const user = (id: string, more = "") =>
    `mutation { result: createOneLiteLLM_UserTable(data: { user_id: "${id}" ${more} }) { user_id } }`;

  it("Json, list, bigint, float and time columns come back as they went in", async () => {
    await withEngine(async (engine) => {
      const metadata = { text: 'quo"te', list: [1, "x", null], nested: { empty: {} } };
      const created = await engine.query(`mutation {
        result: createOneLiteLLM_UserTable(data: {
          user_id: "columns" models: ["a", "b"] metadata: ${JSON.stringify(JSON.stringify(metadata))}
          spend: 1.25 tpm_limit: 9007199254740993 max_parallel_requests: 7
          budget_reset_at: "2025-01-02T03:04:05.678000+00:00"
        }) { user_id models metadata spend tpm_limit max_parallel_requests budget_reset_at user_email }
      }`);
      const { metadata: json, ...rest } = created.data.result;
      expect(JSON.parse(json)).toEqual(metadata);
      expect(rest).toEqual({
        user_id: "columns",
        models: ["a", "b"],
        spend: 1.25,
        tpm_limit: "9007199254740993",
        max_parallel_requests: 7,
        budget_reset_at: "2025-01-02T03:04:05.678Z",
        user_email: null,
      });
      const stored = await postgres.sql(
        database,
        `SELECT jsonb_typeof(metadata) AS type, metadata->'nested' AS nested FROM "LiteLLM_UserTable" WHERE user_id = 'columns'`,
      );
      expect(stored).toEqual([{ type: "object", nested: { empty: {} } }]);
    });
  });

  it("rows are found, changed, upserted, counted and deleted", async () => {
    await withEngine(async (engine) => {
      await engine.query(user("crud", "spend: 1"));
      const updated = await engine.query(
        `mutation { result: updateOneLiteLLM_UserTable(where: { user_id: "crud" } data: { spend: { increment: 2.5 } }) { spend } }`,
      );
      expect(updated).toEqual({ data: { result: { spend: 3.5 } } });
      const upserted = await engine.query(
        `mutation { result: upsertOneLiteLLM_UserTable(where: { user_id: "crud" } create: { user_id: "crud" } update: { user_alias: "x" }) { user_alias } }`,
      );
      expect(upserted.data.result).toEqual({ user_alias: "x" });
      const counted = await engine.query(
        `query { result: aggregateLiteLLM_UserTable(where: { user_id: "crud" }) { _count { _all } } }`,
      );
      expect(counted.data.result).toEqual({ _count: { _all: 1 } });
      const grouped = await engine.query(
        `query { result: groupByLiteLLM_UserTable(where: { user_id: "crud" } by: [user_alias]) { user_alias _sum { spend } } }`,
      );
      expect(grouped.data.result).toEqual([{ user_alias: "x", _sum: { spend: 3.5 } }]);
      await engine.query(
        `mutation { result: deleteOneLiteLLM_UserTable(where: { user_id: "crud" }) { user_id } }`,
      );
      const found = await engine.query(
        `query { result: findUniqueLiteLLM_UserTable(where: { user_id: "crud" }) { user_id } }`,
      );
      expect(found).toEqual({ data: { result: null } });
    });
  });

  it("relations are selected in one query", async () => {
    await withEngine(async (engine) => {
      await engine.query(
        `mutation { result: createOneLiteLLM_BudgetTable(data: { budget_id: "b1" max_budget: 10 created_by: "t" updated_by: "t" }) { budget_id } }`,
      );
      const { data } = await engine.query(
        `mutation { result: createOneLiteLLM_EndUserTable(data: { user_id: "e1" litellm_budget_table: { connect: { budget_id: "b1" } } }) { user_id litellm_budget_table { max_budget } } }`,
      );
      expect(data.result).toEqual({ user_id: "e1", litellm_budget_table: { max_budget: 10 } });
    });
  });

  it("a batch is one transaction: all of it or nothing", async () => {
    await withEngine(async (engine) => {
      const good = await engine.post("/", {
        batch: [{ query: user("batch1") }, { query: user("batch2") }],
        transaction: true,
      });
      expect(good.batchResult.map((each: { data: object }) => each.data)).toEqual([
        { result: { user_id: "batch1" } },
        { result: { user_id: "batch2" } },
      ]);
      const bad = await engine.post("/", {
        batch: [{ query: user("batch3") }, { query: user("batch1") }],
        transaction: true,
      });
      expect(bad.errors[0].user_facing_error.error_code).toBe("P2002");
      const rows = await postgres.sql(database, `SELECT FROM "LiteLLM_UserTable" WHERE user_id = 'batch3'`);
      expect(rows).toHaveLength(0);
    });
  });

  it("a transaction is committed or rolled back, and unknown ones are refused", async () => {
    await withEngine(async (engine) => {
      for (const end of ["commit", "rollback"]) {
        const { id } = await engine.post("/transaction/start", { timeout: 5000, max_wait: 2000 });
        await engine.query(user(`tx-${end}`), id);
        expect((await engine.post(`/transaction/${id}/${end}`, {})).errors).toBeUndefined();
        expect((await engine.query(user("late"), id)).errors[0].user_facing_error.error_code).toBe("P2028");
      }
      const rows = await postgres.sql(
        database,
        `SELECT user_id FROM "LiteLLM_UserTable" WHERE user_id LIKE 'tx-%'`,
      );
      expect(rows).toEqual([{ user_id: "tx-commit" }]);
      const unknown = await engine.post("/transaction/nonsense/commit", {});
      expect(unknown.errors[0].user_facing_error.error_code).toBe("P2028");
    });
  });

  it("a transaction that is left open expires, and is told so in the client's words", async () => {
    await withEngine(async (engine) => {
      const { id } = await engine.post("/transaction/start", { timeout: 200, max_wait: 2000 });
      await sleep(500);
      const { errors } = await engine.query(user("expired"), id);
      expect(errors[0].user_facing_error.error_code).toBe("P2028");
      expect(errors[0].error).toMatch(/Transaction already closed/);
      expect((await engine.raw("SELECT 1 AS one")).data.result.rows).toEqual([[1]]);
    });
  });

  it("errors have the codes that the client knows", async () => {
    await withEngine(async (engine) => {
      const code = async (query: string) =>
        (await engine.query(query)).errors[0].user_facing_error.error_code;
      await engine.query(user("taken"));
      expect(await code(user("taken"))).toBe("P2002");
      expect(
        await code(
          `query { result: findUniqueLiteLLM_UserTableOrThrow(where: { user_id: "no" }) { user_id } }`,
        ),
      ).toBe("P2025");
      expect(await code(`query { result: findFirstLiteLLM_UserTable { nope } }`)).toBe("P2009");
      expect(await code(`query { result: findFirstNothing { id } }`)).toBe("P2009");
      const raw = (await engine.raw("SELECT * FROM nowhere")).errors[0].user_facing_error;
      expect(raw.error_code).toBe("P2010");
      expect(raw.meta).toEqual({ code: "42P01", message: 'relation "nowhere" does not exist' });
    });
  });

  it("raw queries read catalogue types as text, and times in UTC", async () => {
    await postgres.sql("postgres", `ALTER DATABASE ${database} SET timezone TO 'Asia/Tokyo'`);
    await withEngine(async (engine) => {
      const { data } = await engine.raw(
        `SELECT 'x'::name AS n, 'pg_class'::regclass AS r, ARRAY['a'::name] AS l, $1::text AS p, $2::int AS i,
                '2025-01-02 03:04:05+00'::timestamptz AS t, 3000000000 AS b, 1.5::numeric AS d, '\\x01'::bytea AS y`,
        "it's",
        2,
      );
      expect(data.result).toEqual({
        columns: ["n", "r", "l", "p", "i", "t", "b", "d", "y"],
        types: [
          "string",
          "string",
          "string-array",
          "string",
          "int",
          "datetime",
          "bigint",
          "decimal",
          "bytes",
        ],
        rows: [["x", "pg_class", ["a"], "it's", 2, "2025-01-02T03:04:05+00:00", "3000000000", "1.5", "AQ=="]],
      });
      const affected = await engine.query(
        `mutation { result: executeRaw(query: "UPDATE \\"LiteLLM_UserTable\\" SET spend = 0 WHERE false") }`,
      );
      expect(affected).toEqual({ data: { result: 0 } });
    });
  });
});

it("decimal, bytes and enum columns round trip", async () => {
  const own = await postgres.createDatabase();
  await postgres.sql(
    own,
    `CREATE TYPE "Size" AS ENUM ('SMALL', 'LARGE');
     CREATE TABLE "Thing" (id int PRIMARY KEY, price numeric(40, 20), data bytea, size "Size", big bigint, doc jsonb)`,
  );
  const path = join(programs.dir, "thing.prisma");
  await writeFile(
    path,
    `datasource db {\n provider = "postgresql"\n url = env("DATABASE_URL")\n }
     enum Size {\n SMALL\n LARGE\n }
     model Thing {\n id Int @id\n price Decimal? @db.Decimal(40, 20)\n data Bytes?\n size Size?\n big BigInt?\n doc Json?\n }`,
  );
  await withEngine(
    async (engine) => {
      const { data } = await engine.query(
        `mutation { result: createOneThing(data: { id: 1 price: "12345678901234567890.12345678901234567890" data: "AQL/" size: "LARGE" big: -9007199254740993 doc: "\\"text\\"" }) { price data size big doc } }`,
      );
      expect(data.result).toEqual({
        price: "12345678901234567890.1234567890123456789",
        data: "AQL/",
        size: "LARGE",
        big: "-9007199254740993",
        doc: '"text"',
      });
    },
    "",
    { PRISMA_DML_PATH: path, DATABASE_URL: postgres.url(own) },
  );
});

describe("the process", () => {
  it("answers `--version` with the version that prisma-client-py expects", async () => {
    const { stdout } = await execa(join(programs.dir, "query-engine.cjs"), ["--version"]);
    expect(stdout).toBe("query-engine 393aa359c9ad4a4bb28630fb5613f9c281cde053");
  });

  it("answers status and metrics, and takes its database from OVERWRITE_DATASOURCES", async () => {
    await withEngine(
      async (engine) => {
        expect(await engine.get("/status")).toEqual({ status: "ok" });
        expect(await engine.get("/metrics?format=json")).toEqual({
          counters: [],
          gauges: [],
          histograms: [],
        });
        expect((await engine.raw("SELECT current_database()::text AS name")).data.result.rows).toEqual([
          [database],
        ]);
      },
      "",
      {
        DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
        OVERWRITE_DATASOURCES: JSON.stringify([{ name: "client", url: postgres.url(database) }]),
      },
    );
  });

  it("runs 50 queries at once over 5 connections", async () => {
    await withEngine(async (engine) => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          engine.raw("SELECT pg_sleep(0.02)::text AS s, $1::int AS i", index),
        ),
      );
      expect(answers.map(({ data }) => data.result.rows[0][1])).toEqual([...Array(50).keys()]);
      const [{ count }] = await postgres.sql(
        database,
        "SELECT count(*)::int FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
        [database],
      );
      expect(count).toBeLessThanOrEqual(5);
    }, "connection_limit=5");
  });

  it("tells when no connection gets free in time", async () => {
    await withEngine(async (engine) => {
      const slow = engine.raw("SELECT pg_sleep(2)::text AS s");
      await sleep(200);
      const { errors } = await engine.raw("SELECT 1 AS one");
      expect(errors[0].user_facing_error.error_code).toBe("P2024");
      expect((await slow).errors).toBeUndefined();
    }, "connection_limit=1&pool_timeout=1");
  });

  it("survives a restart of PostgreSQL, and says meanwhile that it is not there", async () => {
    await withEngine(async (engine) => {
      expect((await engine.raw("SELECT 1 AS one")).data.result.rows).toEqual([[1]]);
      await postgres.stop();
      const down = await engine.raw("SELECT 1 AS one");
      expect(down.errors[0].user_facing_error.error_code).toBe("P1001");
      await postgres.start();
      expect((await engine.raw("SELECT 1 AS one")).data.result.rows).toEqual([[1]]);
      expect(
        (await engine.query(`query { result: findFirstLiteLLM_Config { param_name } }`)).errors,
      ).toBeUndefined();
    });
  });

  it("shows no password when the database refuses it", async () => {
    const wrong = postgres.url(database).replace(postgres.password, "wrong-password");
    await withEngine(
      async (engine) => {
        const answer = await engine.query(`query { result: findFirstLiteLLM_Config { param_name } }`);
        expect(answer.errors[0].user_facing_error.error_code).toBe("P1000");
        expect(JSON.stringify(answer) + engine.output).not.toContain("wrong-password");
      },
      "",
      { DATABASE_URL: wrong },
    );
  });

  it("ends when it is interrupted, with its connections", async () => {
    const engine = await EngineProcess.start(programs, {
      PRISMA_DML_PATH: schema,
      DATABASE_URL: postgres.url(database, "application_name=ending"),
    });
    await engine.raw("SELECT 1 AS one");
    expect(await engine.stop()).toBe(0);
    const rows = await postgres.sql(
      database,
      "SELECT FROM pg_stat_activity WHERE application_name = 'ending'",
    );
    expect(rows).toHaveLength(0);
  });

  it("ends when its parent has been killed", async () => {
    const port = await freePort();
    const program = join(programs.dir, "query-engine.cjs");
    const parent = spawn(
      process.execPath,
      [
        "-e",
        `const c = require("child_process").spawn(${JSON.stringify(program)}, ["-p", "${port}"], { stdio: "ignore" }); console.log(c.pid); setInterval(() => {}, 1000)`,
      ],
      {
        env: { ...process.env, PRISMA_DML_PATH: schema, DATABASE_URL: postgres.url(database) },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    await until(async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
    parent.kill("SIGKILL");
    await until(async () => !isRunning(pid));
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await condition().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error("it did not come true within 10 s");
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
