import { expect, it } from "vitest";
import { listed, nearest } from "../../../config/nearest.ts";

it.each([
  ["memroy", "memory"], // swapped
  ["mmory", "memory"], // left out
  ["memoryy", "memory"], // too many
  ["MEMORY", "memory"],
  ["prot", "port"],
])("takes `%s` for `%s`", (word, meant) => {
  expect(nearest(word, ["models", "memory", "port", "name"])).toBe(meant);
});

it("takes the nearer of two", () => {
  expect(nearest("tinyllama22", ["tinyllama1", "tinyllama2"])).toBe("tinyllama2");
});

it("takes a word like no other for nothing", () => {
  expect(nearest("colour", ["models", "memory"])).toBeUndefined();
  expect(nearest("b", ["a"])).toBeUndefined();
});

it("cuts a long list short", () => {
  expect(listed(["a", "b", "c"], 2)).toBe("`a`, `b`, …");
});
