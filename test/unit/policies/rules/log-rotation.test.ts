import { expect, it } from "vitest";
import { logRotation } from "../../../../policies/rules/log-rotation.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = 'Set `logOpts: { "max-size": "10m", "max-file": "3" }`, or `logDriver: "local"`.';
const check = (logDriver: string | undefined, logOpts?: object | null) =>
  violations(logRotation, [container({ logDriver, logOpts: logOpts as Record<string, string> })]);

it.each([
  "local",
  "journald",
  "syslog",
  "fluentd",
  "gelf",
  "awslogs",
  "gcplogs",
  "splunk",
  "none",
])("accepts %s", (driver) => {
  expect(check(driver)).toEqual([]);
});

it("accepts files of a limited size, which are Docker's default driver", () => {
  for (const driver of ["json-file", undefined, ""]) expect(check(driver, { "max-size": "10m" })).toEqual([]);
});

it.each([
  undefined,
  null,
  {},
  { "max-file": "3" },
  { "max-size": "" },
  { "max-size": "-1" },
])("reports files with the options %j", (options) => {
  for (const driver of ["json-file", undefined])
    expect(check(driver, options)).toEqual([
      `\`logOpts["max-size"]\` of \`web\` sets no limit for its log. ${REMEDY}`,
    ]);
});

it("reports a driver that it does not know", () => {
  expect(check("mine")).toEqual([`\`logDriver\` of \`web\` is \`mine\`, which may fill the disk. ${REMEDY}`]);
});

it("leaves open what a preview does not know, unless it does not matter", () => {
  expect(check("local", UNKNOWN)).toEqual([]);
  expect(check("json-file", { "max-size": UNKNOWN })).toEqual(["unknown: .logOpts.max-size"]);
  expect(check(UNKNOWN)).toEqual(["unknown: .logDriver"]);
});
