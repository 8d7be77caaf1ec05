import { expect, it } from "vitest";
import { stopGrace } from "../../../../policies/rules/stop-grace.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = "Set `destroyGraceSeconds` to how long the program needs, 30 or more for a database.";
const check = (destroyGraceSeconds: number | undefined | null, config = {}) =>
  violations(stopGrace, [container({ destroyGraceSeconds: destroyGraceSeconds as number })], config);

it("accepts time to stop", () => {
  expect(check(1)).toEqual([]);
});

it.each([undefined, null, 0])("reports %s", (seconds) => {
  expect(check(seconds)).toEqual([
    `\`destroyGraceSeconds\` of \`web\` is not set, so it is killed at once. ${REMEDY}`,
  ]);
});

it("takes more by config", () => {
  expect(check(10, { seconds: 10 })).toEqual([]);
  expect(check(9, { seconds: 10 })).toEqual([
    `\`destroyGraceSeconds\` of \`web\` is 9, less than 10. ${REMEDY}`,
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(check(UNKNOWN)).toEqual(["unknown: .destroyGraceSeconds"]);
});
