import { DriverAdapterError } from "@prisma/driver-adapter-utils";
import { describe, expect, it } from "vitest";
import { connectionError } from "../../src/driver-errors.ts";

const database = {
  pool: {
    host: "db",
    port: 5432,
    max: 7,
    connectionTimeoutMillis: 3000,
    query_timeout: 2000,
    password: "hunter2",
  },
  schema: "public",
  connectTimeoutMs: 5000,
};
const errorOf = (error: unknown) => connectionError(error, database)?.user_facing_error;
const node = (code: string, message = code) => Object.assign(new Error(message), { code });
const postgres = (code: string) =>
  new DriverAdapterError({
    kind: "postgres",
    code,
    severity: "FATAL",
    message: "terminating connection",
    detail: undefined,
    column: undefined,
    hint: undefined,
  });

describe("an error of the driver is Prisma's", () => {
  it.each([
    ["P1001", node("ECONNREFUSED")],
    ["P1001", new AggregateError([node("ECONNREFUSED"), node("ECONNREFUSED")])],
    ["P1001", node("EHOSTUNREACH")],
    ["P1001", node("EAI_AGAIN")],
    ["P1001", new DriverAdapterError({ kind: "DatabaseNotReachable" })],
    ["P1001", new Error("timeout expired")],
    ["P1001", new Error("Connection terminated due to connection timeout")],
    ["P1001", postgres("57P03")],
    ["P1001", Object.assign(new Error("Connection terminated unexpectedly"), { whileConnecting: true })],
    ["P1001", Object.assign(node("ECONNRESET"), { whileConnecting: true })],
    ["P1017", new Error("Connection terminated unexpectedly")],
    ["P1017", new Error("Client has encountered a connection error and is not queryable")],
    ["P1017", node("ECONNRESET")],
    ["P1017", node("EPIPE")],
    ["P1017", new DriverAdapterError({ kind: "ConnectionClosed" })],
    ["P1017", postgres("57P01")],
    ["P1017", postgres("25P03")],
    ["P1008", new Error("Query read timeout")],
    ["P1008", new DriverAdapterError({ kind: "SocketTimeout" })],
    ["P2024", new Error("timeout exceeded when trying to connect")],
    [
      "P2037",
      new DriverAdapterError({ kind: "TooManyConnections", cause: "sorry, too many clients already" }),
    ],
  ])("%s: %s", (code, error) => {
    expect(errorOf(error)?.error_code).toBe(code);
    expect(JSON.stringify(errorOf(error))).not.toContain("hunter2");
  });

  it("not when it is one of the statement", () => {
    expect(errorOf(postgres("42601"))).toBeUndefined();
    expect(errorOf(new Error("invalid input"))).toBeUndefined();
    expect(errorOf("text")).toBeUndefined();
  });

  it("and tells the limits that were reached", () => {
    expect(errorOf(new Error("timeout exceeded when trying to connect"))?.meta).toEqual({
      connection_limit: 7,
      timeout: 3,
    });
    expect(errorOf(new Error("Query read timeout"))?.message).toBe("Operations timed out after `2s`");
    expect(errorOf(node("ECONNREFUSED"))?.message).toContain("`db:5432`");
  });
});
