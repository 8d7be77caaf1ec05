import { describe, expect, it } from "vitest";
import { secretEnvName, secretProblem } from "../../../config/secrets.ts";

describe("a secret's value", () => {
  it.each([
    ["masterKey", "sk-4444"],
    ["saltKey", "anything"],
    ["geminiApiKey", "AIza"],
  ])("%s may be %s", (name, value) => expect(secretProblem(name, value)).toBeUndefined());

  it("is not empty and has no line break", () => {
    expect(secretProblem("saltKey", "")).toMatch(/^`saltKey`: is empty; `pulumi config set --secret/);
    expect(secretProblem("saltKey", "abc\n")).toMatch(/^`saltKey`: contains a space or a line break/);
  });

  it.each([
    "hunter2",
    "sk-",
    "sk-123",
    "SK-12345",
  ])("is refused as master key when it is `%s`, without showing it", (value) => {
    const problem = secretProblem("masterKey", value);
    expect(problem).toContain("`masterKey`: must start with `sk-`");
    expect(problem?.replaceAll("`sk-`", "")).not.toContain(value);
  });
});

it.each([
  ["geminiApiKey", "GEMINI_API_KEY"],
  ["openaiApiKey", "OPENAI_API_KEY"],
  ["office2ApiKey", "OFFICE2_API_KEY"],
  ["myGPUApiKey", "MY_GPU_API_KEY"],
])("the secret `%s` arrives as `%s`", (secret, variable) => {
  expect(secretEnvName(secret)).toBe(variable);
});
