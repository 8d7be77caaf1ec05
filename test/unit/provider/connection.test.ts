import { describe, expect, it } from "vitest";
import { connectionChanges, connectionProblems } from "../../../provider/connection.ts";
import { UNKNOWN } from "../../../provider/values.ts";

describe("connectionProblems", () => {
  it("finds none in a full connection, nor in what is unknown yet", () => {
    expect(connectionProblems({ endpoint: "http://localhost:4444", masterKey: "sk-1" })).toEqual([]);
    expect(connectionProblems({ endpoint: UNKNOWN, masterKey: UNKNOWN })).toEqual([]);
  });

  it("tells both properties at once, and keeps the key's value secret", () => {
    expect(connectionProblems({})).toEqual([
      { property: "endpoint", reason: "is missing" },
      { property: "masterKey", reason: "is missing" },
    ]);
    expect(connectionProblems({ endpoint: "localhost", masterKey: "hush" })).toEqual([
      { property: "endpoint", reason: "must be a URL such as `http://localhost:4444`" },
      { property: "masterKey", reason: "must start with `sk-`", secret: true },
    ]);
  });
});

it("connectionChanges names what differs", () => {
  const olds = { endpoint: "http://a", masterKey: "sk-1" };
  expect(connectionChanges(olds, { ...olds, masterKey: "sk-2" })).toEqual(["masterKey"]);
  expect(connectionChanges(olds, { ...olds, version: "0.1.0" })).toEqual([]);
});
