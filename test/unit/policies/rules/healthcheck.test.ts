import { expect, it } from "vitest";
import { healthcheck } from "../../../../policies/rules/healthcheck.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY =
  'Set `healthcheck.tests` to a command that fails when the program does not work, such as `["CMD", "pg_isready"]`.';
const check = (check: object | undefined | null) =>
  violations(healthcheck, [container({ healthcheck: check as object })]);

it("accepts a command, with or without a shell", () => {
  expect(check({ tests: ["CMD", "true"] })).toEqual([]);
  expect(check({ tests: ["CMD-SHELL", "curl localhost"] })).toEqual([]);
});

it.each([
  undefined,
  null,
  {},
  { tests: [] },
  { tests: [""] },
  { interval: "5s", tests: null },
])("rejects %j", (args) => {
  expect(check(args)).toEqual([`\`healthcheck.tests\` of \`web\` is not set. ${REMEDY}`]);
});

it("rejects one that is switched off", () => {
  expect(check({ tests: ["NONE"] })).toEqual([
    `\`healthcheck.tests\` of \`web\` disables the health check. ${REMEDY}`,
  ]);
});

it("leaves open what a preview does not know, unless what matters is known", () => {
  expect(check({ tests: ["CMD", UNKNOWN], interval: UNKNOWN })).toEqual([]);
  expect(check({ tests: UNKNOWN })).toEqual(["unknown: .healthcheck.tests"]);
  expect(check({ tests: [UNKNOWN, "x"] })).toEqual(["unknown: .healthcheck.tests.0"]);
});
