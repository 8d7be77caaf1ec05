import { expect, it } from "vitest";
import { memoryLimit } from "../../../../policies/rules/memory-limit.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

it("accepts a limit", () => {
  expect(violations(memoryLimit, [container({ memory: 6 })])).toEqual([]);
});

it.each([undefined, null, 0, -1])("rejects %s", (memory) => {
  expect(violations(memoryLimit, [container({ memory: memory as number })])).toEqual([
    "`memory` of `web` sets no limit. Set `memory`, in MiB, and `memorySwap` to the same value, so that no swap is added to it.",
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(violations(memoryLimit, [container({ memory: UNKNOWN })])).toEqual(["unknown: .memory"]);
});
