/**
 * The program that applies LiteLLM's migrations: `migrate.cjs [--wait SECONDS] FOLDER`, FOLDER being that of the
 * Python package `litellm_proxy_extras`; the database is `DATABASE_URL`. Exit code 0 when the database is ready.
 */

import { parseArgs } from "node:util";
import { databaseSettings, redacted } from "./database-url.ts";
import { migrate } from "./migrate.ts";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { wait: { type: "string", default: "120" } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  const waitSeconds = Number(values.wait);
  if (!folder || positionals.length !== 1 || !Number.isFinite(waitSeconds) || waitSeconds < 0)
    throw new Error("usage: migrate.cjs [--wait SECONDS] FOLDER_OF_LITELLM_PROXY_EXTRAS");
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("the environment variable `DATABASE_URL` is not set");
  const started = performance.now();
  const { applied, baselined } = await migrate({
    database: databaseSettings(url, 1),
    folder,
    waitSeconds,
    report: (line) => console.log(`migrate: ${redacted(line)}`),
  });
  const done = baselined
    ? "took over the tables"
    : applied.length > 0
      ? `applied ${applied.length}`
      : "up to date";
  console.log(`migrate: ${done} (${((performance.now() - started) / 1000).toFixed(2)} s)`);
}

main().catch((error: unknown) => {
  console.error(`migrate: ${redacted(error instanceof Error ? error.message : String(error))}`);
  process.exitCode = 1;
});
