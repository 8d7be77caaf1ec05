import { describe, expect, it, vi } from "vitest";
import { checkResponse, fromStruct, serviceError, toStruct, unary } from "../../../provider/protocol.ts";
import { stateOf } from "../../../provider/resource-methods.ts";
import { keyType } from "../../../provider/resource-types/key.ts";
import { plain } from "../../../provider/values.ts";

it("properties survive the way through a message; no message is none", () => {
  const properties = { text: "a", number: 1.5, list: [true, null], map: { deep: "b" } };
  expect(fromStruct(toStruct(properties))).toEqual(properties);
  expect(fromStruct(undefined)).toEqual({});
});

it("a problem of a secret property is told without naming it to Pulumi, which would show its value", () => {
  const response = checkResponse({ key: "hush" }, [
    { property: "models", reason: "must be a list" },
    { property: "key", reason: "is too short", secret: true },
  ]);
  expect(fromStruct(response.getInputs())).toEqual({ key: "hush" });
  expect(response.getFailuresList().map((one) => [one.getProperty(), one.getReason()])).toEqual([
    ["models", "must be a list"],
    ["", "`key` is too short"],
  ]);
});

it("an error reaches Pulumi with its message, and without keys", async () => {
  expect(serviceError(new Error("bad sk-abc")).details).toBe("bad sk-***");
  const callback = vi.fn();
  const method = unary(() => {
    throw new Error("no sk-abc");
  });
  method({ request: {} } as never, callback);
  await vi.waitFor(() => expect(callback).toHaveBeenCalled());
  expect(callback.mock.calls).toMatchObject([[{ message: "no sk-***" }]]);
});

describe("stateOf", () => {
  it("wraps secret inputs and outputs, and leaves out what is not set", () => {
    const state = stateOf(keyType, { keyAlias: "a", models: undefined }, { key: "sk-1", expires: null });
    expect(Object.keys(state)).toEqual(["keyAlias", "key"]);
    expect(state.keyAlias).toBe("a");
    expect(state.key).not.toBe("sk-1");
    expect(plain(state)).toEqual({ keyAlias: "a", key: "sk-1" });
  });
});
