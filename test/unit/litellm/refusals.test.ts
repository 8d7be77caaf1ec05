import { describe, expect, it } from "vitest";
import { refusalByStatus, refusalOf } from "../../../litellm/refusals.ts";

// What LiteLLM's real errors lead to, through OpenAI's client, is tested with the agent's errors.

describe("refusalOf", () => {
  it.each([
    ["team_model_access_denied", "", "", "modelNotAllowed"],
    ["None", "budget_exceeded", "", "budgetSpent"],
    ["auth_error", "", "litellm.AuthenticationError: the provider's key", "upstream"],
    ["auth_error", "", "expired", "keyRefused"],
    ["None", "", "maximum context length is 2048", "contextTooLong"],
    ["throttling_error", "", "slow down", "rateLimit"],
    ["throttling_error", "", "ExceededBudget: over", "budgetSpent"],
    ["None", "", "Invalid model name passed in", "modelUnknown"],
    ["None", "429", "slow down", undefined],
  ])("of type %j, code %j, text %j is %s", (type, code, text, expected) => {
    expect(refusalOf({ type, code, text })).toBe(expected);
  });
});

describe("refusalByStatus", () => {
  it.each([
    [400, "Budget has been exceeded!", "budgetSpent"],
    [429, "", "rateLimit"],
    [408, "", "timeout"],
    [504, "", "timeout"],
    [503, "", "upstream"],
    [401, "", "keyRefused"],
    [400, "", undefined],
  ])("of %i %j is %s", (status, text, expected) => expect(refusalByStatus(status, text)).toBe(expected));
});
