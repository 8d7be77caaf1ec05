import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, reachedLimit, type Used } from "../../../../agent/loops/limits.ts";

const used = (used: Partial<Used>): Used => ({
  steps: 0,
  tokens: { input: 0, output: 0 },
  costUsd: null,
  ...used,
});

describe("a limit", () => {
  it.each<[ReturnType<typeof reachedLimit>, Partial<Used>]>([
    [undefined, {}],
    [undefined, { steps: 7, tokens: { input: 19_000, output: 999 }, costUsd: 0.49 }],
    ["steps", { steps: 8 }],
    ["tokens", { tokens: { input: 19_000, output: 1000 } }],
    ["cost", { costUsd: 0.5 }],
    ["steps", { steps: 8, tokens: { input: 20_000, output: 0 }, costUsd: 1 }],
  ])("%s is reached by %j", (limit, part) => {
    expect(reachedLimit(DEFAULT_LIMITS, used(part))).toBe(limit);
  });

  it("of no cost still allows a model that costs nothing", () => {
    expect(reachedLimit({ ...DEFAULT_LIMITS, costUsd: 0 }, used({ costUsd: 0 }))).toBeUndefined();
    expect(reachedLimit({ ...DEFAULT_LIMITS, costUsd: 0 }, used({ costUsd: 0.01 }))).toBe("cost");
  });
});
