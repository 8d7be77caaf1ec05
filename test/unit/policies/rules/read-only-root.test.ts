import { expect, it } from "vitest";
import { readOnlyRoot } from "../../../../policies/rules/read-only-root.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (readOnly: boolean | undefined | null) =>
  violations(readOnlyRoot, [container({ readOnly: readOnly as boolean })]);

it("accepts a read-only root", () => {
  expect(check(true)).toEqual([]);
});

it.each([undefined, null, false])("reports %s", (readOnly) => {
  expect(check(readOnly)).toEqual([
    "`readOnly` of `web` is not set. Set `readOnly: true`, with `tmpfs` or volumes where the program writes.",
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(check(UNKNOWN)).toEqual(["unknown: .readOnly"]);
});
