import { describe, expect, it } from "vitest";
import { isUnknown, plain, same, secret, UNKNOWN } from "../../../provider/values.ts";

describe("plain", () => {
  it("unwraps secrets wherever they stand, and leaves out what is null", () => {
    const properties = {
      key: secret("sk-1"),
      credentials: secret({ api_key: secret("a") }),
      list: [secret(1), 2],
      gone: null,
      flag: false,
    };
    expect(plain(properties)).toEqual({
      key: "sk-1",
      credentials: { api_key: "a" },
      list: [1, 2],
      flag: false,
    });
  });
});

describe("secret", () => {
  it("wraps what is not wrapped, also a map that has an entry `value`", () => {
    const credentials = { value: "hush" };
    const wrapped = secret(credentials);
    expect(wrapped).not.toEqual(credentials);
    expect(plain({ wrapped })).toEqual({ wrapped: credentials });
    expect(secret(wrapped)).toBe(wrapped);
  });
});

describe("isUnknown", () => {
  it.each([
    [UNKNOWN, true],
    ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", true],
    [["a", UNKNOWN], true],
    [{ a: { b: UNKNOWN } }, true],
    ["text", false],
    [{ a: [1, null] }, false],
    [undefined, false],
  ])("says of %j: %s", (value, expected) => expect(isUnknown(value)).toBe(expected));
});

describe("same", () => {
  it.each([
    [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [1, "1", false],
    [null, {}, false],
  ])("compares %j and %j: %s", (a, b, expected) => expect(same(a, b)).toBe(expected));
});
