import { describe, expect, it } from "vitest";
import { errorBody, LiteLlmError, Unreachable, withoutKeys } from "../../../litellm/errors.ts";

describe("errorBody", () => {
  it.each([
    ['{"error":{"message":"no","type":"budget_exceeded"}}', { message: "no", type: "budget_exceeded" }],
    ['{"detail":{"error":"team not found"}}', { message: "team not found" }],
    ['{"detail":{"message":"gone"}}', { message: "gone" }],
    ['{"detail":"Not Found"}', { message: "Not Found" }],
    ['{"detail":[{"loc":["body"],"msg":"bad"}]}', { message: '[{"loc":["body"],"msg":"bad"}]' }],
    ["<html>", { message: "<html>" }],
    ["null", { message: "null" }],
  ])("finds LiteLLM's words in %s", (body, expected) => expect(errorBody(body)).toEqual(expected));
});

describe("LiteLlmError", () => {
  it("carries LiteLLM's own message and type, and no key", () => {
    const body = JSON.stringify({ error: { message: "bad key sk-abc_DEF-1.2", type: "auth_error" } });
    const error = new LiteLlmError("POST /key/new", 401, body);
    expect(error).toMatchObject({
      message: "`POST /key/new` was answered with 401: bad key sk-***",
      detail: "bad key sk-***",
      status: 401,
      type: "auth_error",
    });
  });
});

describe("withoutKeys", () => {
  it.each([
    ["no key here", "no key here"],
    ["sk-abc_DEF-1.2, then", "sk-***, then"],
    ["LiteLLM's mask sk-...aB_9", "LiteLLM's mask sk-***"],
    ["another mask sk-ab****yz and sk-ab…yz", "another mask sk-*** and sk-***"],
    ["KEY_sk-abc 'sk-abc'", "KEY_sk-*** 'sk-***'"],
    [JSON.stringify("two lines\nsk-abc"), '"two lines\\nsk-***"'],
    ["disk-full of a task-id", "disk-full of a task-id"],
  ])("of %j is %j", (text, expected) => {
    expect(withoutKeys(text)).toBe(expected);
    expect(withoutKeys(expected)).toBe(expected);
  });
});

it("Unreachable tells a call whose time ran out from one that nobody took", () => {
  const cause = new DOMException("no answer within 3 s", "TimeoutError");
  expect(new Unreachable("the proxy does not answer", { cause, reason: cause.message })).toMatchObject({
    timedOut: true,
    reason: "no answer within 3 s",
  });
  expect(new Unreachable("it has no database")).toMatchObject({
    timedOut: false,
    reason: "it has no database",
  });
});
