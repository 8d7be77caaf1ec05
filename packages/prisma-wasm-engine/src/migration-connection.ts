/** The connection that migrations run on, under Prisma's own lock. */

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type DatabaseSettings, quoted } from "./database-url.ts";
import { isStillComing, MigrationError } from "./migrations.ts";

/** The number that Prisma's `migrate deploy` locks, so that the two never run at once. */
const ADVISORY_LOCK = 72707369;
const POLL_MS = 100;

/**
 * Connects, with the schema as search path; waits while the database is still coming up.
 *
 * @param deadline milliseconds since the epoch
 * @throws MigrationError when it does not come up in time, or refuses
 */
export async function connected(
  database: DatabaseSettings,
  deadline: number,
  report: (line: string) => void,
): Promise<pg.Client> {
  for (let waiting = false; ; ) {
    const client = new pg.Client({ ...database.pool, connectionTimeoutMillis: database.connectTimeoutMs });
    // A connection that breaks between two statements makes the next statement fail; that error is reported.
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(`SET search_path TO ${quoted(database.schema)}`);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const { host, port } = database.pool;
      const reason = (error as Error).message || (error as NodeJS.ErrnoException).code;
      if (!isStillComing(error) || Date.now() > deadline)
        throw new MigrationError(`cannot connect to the database at \`${host}:${port}\`: ${reason}`, {
          cause: error,
        });
      if (!waiting) report(`waiting for the database at ${host}:${port} (${reason})`);
      waiting = true;
      await sleep(POLL_MS);
    }
  }
}

/**
 * Takes the lock, which ends with the connection. Asks again and again instead of waiting in the server: a waiting
 * session would block `CREATE INDEX CONCURRENTLY`.
 *
 * @throws MigrationError when another migration holds it past the deadline
 */
export async function lock(
  client: pg.Client,
  deadline: number,
  report: (line: string) => void,
): Promise<void> {
  for (let waiting = false; ; ) {
    const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [
      ADVISORY_LOCK,
    ]);
    if (rows[0]?.got) return;
    if (Date.now() > deadline)
      throw new MigrationError(
        "another migration holds the database's lock; wait until it has ended, or end its session",
      );
    if (!waiting) report("waiting for another migration to end");
    waiting = true;
    await sleep(POLL_MS);
  }
}
