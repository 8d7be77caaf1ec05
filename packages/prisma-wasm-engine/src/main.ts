/**
 * The program that stands in for Prisma's `query-engine`, started by prisma-client-py:
 * `query-engine.cjs -p PORT`, `--version`, and, when an image is built, `--prepare` (writes what it needs to
 * know of the schema beside itself, which saves 0.6 s at each start).
 *
 * Environment: `PRISMA_DML_PATH` (a file) or `PRISMA_DML` (base64): the schema; `OVERWRITE_DATASOURCES` or the
 * variable that the schema names (`DATABASE_URL`): the database; `LOG_QUERIES=y`.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { databaseSettings, redacted } from "./database-url.ts";
import { readDatabaseUrl, readDatamodel } from "./environment.ts";
import { RestartingEngine } from "./restarting-engine.ts";
import { type Dmmf, type SchemaTypes, schemaTypes } from "./schema-types.ts";
import { engineServer } from "./server.ts";

/** Prisma 5.17.0, which prisma-client-py 0.15 expects. */
const ENGINE_VERSION = "393aa359c9ad4a4bb28630fb5613f9c281cde053";
const PARENT_CHECK_MS = 1000;

function log(line: string): void {
  console.error(`query-engine: ${redacted(line)}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: {
      version: { type: "boolean", short: "V" },
      prepare: { type: "boolean" },
      port: { type: "string", short: "p" },
      host: { type: "string", short: "H" },
    },
  });
  if (values.version) {
    console.log(`query-engine ${process.env.PRISMA_EXPECTED_ENGINE_VERSION || ENGINE_VERSION}`);
    return;
  }
  const parent = process.ppid;
  const datamodel = readDatamodel(process.env, (path) => readFileSync(path, "utf8"));
  if (values.prepare) {
    await typesOf(datamodel, { keep: true });
    return;
  }
  const database = databaseSettings(readDatabaseUrl(process.env, datamodel), availableParallelism());
  const [types, wasm] = await Promise.all([
    typesOf(datamodel, { keep: false }),
    WebAssembly.compile(readFileSync(join(__dirname, "query_engine_bg.wasm"))),
  ]);
  const logQueries = process.env.LOG_QUERIES === "y";
  const engine = await RestartingEngine.start(
    (onPanic) =>
      freshEngineModule().QueryEngine.start({ datamodel, types, database, wasm, logQueries, log, onPanic }),
    log,
  );
  // The client never starts an engine again that has ended; a call that has failed is the smaller harm.
  process.on("uncaughtException", (error) => log(`unexpected: ${error.stack ?? error.message}`));
  const server = engineServer({ engine, log });
  server.on("error", (error: Error) => {
    log(`cannot listen: ${error.message}`);
    process.exit(1);
  });
  server.listen(Number(values.port ?? process.env.PORT ?? 4466), String(values.host ?? "127.0.0.1"));

  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await Promise.race([engine.stop(), new Promise((resolve) => setTimeout(resolve, 2000))]).catch(
      (error: unknown) => log(`while stopping: ${String(error)}`),
    );
    process.exit(0);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  // An engine whose client was killed would keep its connections for ever.
  setInterval(() => {
    if (process.ppid !== parent) void stop();
  }, PARENT_CHECK_MS).unref();
}

/** A copy of the engine with state of its own: a WASM engine that has panicked cannot be used again. */
function freshEngineModule(): typeof import("./engine.ts") {
  const path = require.resolve("./engine.cjs");
  delete require.cache[path];
  const fresh = require(path) as typeof import("./engine.ts");
  // Node.js keeps each module that was ever loaded here, and with it all memory of its engine.
  module.children.length = 0;
  return fresh;
}

/** What the translator needs of the schema, from the file made by `--prepare` or else from Prisma's parser. */
async function typesOf(datamodel: string, { keep }: { keep: boolean }): Promise<SchemaTypes> {
  const digest = createHash("sha256").update(datamodel).digest("hex");
  const folder = join(__dirname, "schema-types");
  const file = join(folder, `${digest}.json`);
  if (!keep && existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as SchemaTypes;
  const { get_dmmf } = await import("@prisma/prisma-schema-wasm");
  const types = schemaTypes(JSON.parse(get_dmmf(JSON.stringify({ prismaSchema: datamodel }))) as Dmmf);
  if (keep) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.part`, JSON.stringify(types));
    renameSync(`${file}.part`, file);
  }
  return types;
}

main().catch((error: unknown) => {
  log(`could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
