import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { databaseSettings, redacted, sessionSql } from "../../src/database-url.ts";
import { readDatabaseUrl, readDatamodel } from "../../src/environment.ts";

describe("a database URL", () => {
  it("gives Prisma's defaults", () => {
    expect(databaseSettings("postgresql://us%40er:pass%2Fword@db/litellm", 2)).toEqual({
      pool: {
        host: "db",
        port: 5432,
        user: "us@er",
        password: "pass/word",
        database: "litellm",
        max: 5,
        connectionTimeoutMillis: 10_000,
        idleTimeoutMillis: 300_000,
        keepAlive: true,
      },
      schema: "public",
      connectTimeoutMs: 5000,
    });
  });

  it("gives what its parameters say", () => {
    const { pool, schema, connectTimeoutMs } = databaseSettings(
      "postgres://u:p@[::1]:6543/d?schema=proxy&connection_limit=7&pool_timeout=0&connect_timeout=3&socket_timeout=9&max_idle_connection_lifetime=60&application_name=x&options=-c%20geqo%3Doff&pgbouncer=true",
      2,
    );
    expect(pool).toMatchObject({
      host: "::1",
      port: 6543,
      max: 7,
      connectionTimeoutMillis: 0,
      query_timeout: 9000,
      idleTimeoutMillis: 60_000,
      application_name: "x",
      options: "-c geqo=off",
    });
    expect([schema, connectTimeoutMs]).toEqual(["proxy", 3000]);
  });

  it("may name a socket's folder", () => {
    expect(databaseSettings("postgresql://u@localhost/d?host=/run/postgresql", 2).pool.host).toBe(
      "/run/postgresql",
    );
  });

  it.each([
    ["", undefined],
    ["sslmode=disable", undefined],
    ["sslmode=prefer", undefined],
    ["sslmode=require", true],
    ["sslmode=verify-full", true],
    ["sslaccept=strict", true],
  ])("with %j has TLS: %j", (parameters, ssl) => {
    expect(databaseSettings(`postgresql://u@h/d?${parameters}`, 2).pool.ssl).toEqual(ssl);
  });

  it("may name the CA's certificate", () => {
    const folder = mkdtempSync(join(tmpdir(), "llm-stack-ca-"));
    const file = join(folder, "ca.pem");
    writeFileSync(file, "certificate");
    expect(databaseSettings(`postgresql://u@h/d?sslmode=require&sslrootcert=${file}`, 2).pool.ssl).toEqual({
      ca: "certificate",
    });
    rmSync(folder, { recursive: true });
    expect(() => databaseSettings(`postgresql://u@h/d?sslmode=require&sslcert=${file}`, 2)).toThrow(
      `the CA file \`${file}\` that \`DATABASE_URL\` names cannot be read (ENOENT)`,
    );
  });

  it.each([
    ["topsecret", /is not a URL/],
    ["postgresql://u:top%secret@h/db", /`%25`/],
    ["mysql://u:topsecret@h/d", /must start with `postgresql:\/\/`/],
    ["postgresql://u:topsecret@h/d?connection_limit=many", /`connection_limit`.*whole number/],
    ["postgresql://u:topsecret@h/d?sslmode=require&sslaccept=accept_invalid_certs", /without verification/],
    ["postgresql://u:topsecret@h/d?sslmode=no-verify", /without verification/],
  ])("such as %j is refused without showing its password", (url, reason) => {
    expect(() => databaseSettings(url, 2)).toThrow(reason);
    expect(() => databaseSettings(url, 2)).not.toThrow(/topsecret/);
  });

  it("is printed without its password", () => {
    const megabytes = "postgres://a:".repeat(200_000);
    expect(redacted(megabytes)).toBe(megabytes);
    expect(redacted("postgresql://host/db postgres://u:p@h/db")).toBe(
      "postgresql://host/db postgres://u:***@h/db",
    );
    expect(redacted("cannot use postgresql://user:p@ss:w0rd@host/db?x=1 now")).toBe(
      "cannot use postgresql://user:***@host/db?x=1 now",
    );
  });

  it("gives the session its schema, quoted", () => {
    expect(sessionSql('a"b')).toBe(`SET TIME ZONE 'UTC'; SET search_path TO "a""b"`);
  });
});

describe("the schema", () => {
  it("comes from PRISMA_DML or the file at PRISMA_DML_PATH", () => {
    const encoded = Buffer.from("model A {}").toString("base64");
    expect(readDatamodel({ PRISMA_DML: encoded }, () => "")).toBe("model A {}");
    expect(readDatamodel({ PRISMA_DML_PATH: "/x" }, (path) => `of ${path}`)).toBe("of /x");
    expect(() => readDatamodel({}, () => "")).toThrow(/set `PRISMA_DML_PATH`/);
  });
});

describe("the database", () => {
  const datamodel = 'datasource db {\n provider = "postgresql"\n url = env("DATABASE_URL")\n}';

  it("is what the schema's datasource says", () => {
    expect(readDatabaseUrl({ DATABASE_URL: "a" }, datamodel)).toBe("a");
    expect(readDatabaseUrl({}, 'datasource db { url = "literal" }')).toBe("literal");
  });

  it("is what OVERWRITE_DATASOURCES says, if it says something", () => {
    const json = JSON.stringify([{ name: "other" }, { name: "db", url: "b" }]);
    const env = { DATABASE_URL: "a" };
    expect(readDatabaseUrl({ ...env, OVERWRITE_DATASOURCES: json }, datamodel)).toBe("b");
    const encoded = Buffer.from(json).toString("base64");
    expect(readDatabaseUrl({ ...env, OVERWRITE_DATASOURCES: encoded }, datamodel)).toBe("b");
    expect(readDatabaseUrl({ ...env, OVERWRITE_DATASOURCES: "[]" }, datamodel)).toBe("a");
    expect(readDatabaseUrl({ ...env, OVERWRITE_DATASOURCES: "e30=" }, datamodel)).toBe("a");
  });

  it("must be named", () => {
    expect(() => readDatabaseUrl({}, datamodel)).toThrow(
      "the environment variable `DATABASE_URL` is not set",
    );
    expect(() => readDatabaseUrl({}, "model A {}")).toThrow(/no `datasource`/);
    expect(() => readDatabaseUrl({ OVERWRITE_DATASOURCES: "[secret" }, datamodel)).toThrow(
      "`OVERWRITE_DATASOURCES` is neither JSON nor JSON in base64",
    );
  });
});
