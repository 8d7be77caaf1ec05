import { expect, it } from "vitest";
import { goDuration } from "../../../infra/container.ts";

it.each([
  [5, "5s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [3600, "1h0m0s"],
  [7265, "2h1m5s"],
])("writes %i seconds as Go does: %s", (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
});
