import { expect, it } from "vitest";
import { compareVersions } from "../../../config/compare-versions.ts";

it.each([
  ["1.9", "1.10", -1],
  ["1.84.0", "1.83.14", 1],
  ["1.84", "1.84.0", 0],
  ["1.84.0.1", "1.84.0", 1],
  ["2", "10", -1],
  ["go1.26.8", "1.26.8", 0],
  ["go1.21", "1.25.8", -1],
])("compares %s to %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(-sign + 0);
});
