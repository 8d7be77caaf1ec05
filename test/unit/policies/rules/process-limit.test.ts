import { expect, it } from "vitest";
import { processLimit } from "../../../../policies/rules/process-limit.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const nproc = (hard: number) => ({ name: "nproc", soft: hard, hard });
const check = (ulimits: object[] | undefined | null) =>
  violations(processLimit, [container({ ulimits: ulimits as [] })]);

it("accepts a limit of processes, beside others", () => {
  expect(check([{ name: "nofile", soft: 1, hard: 1 }, nproc(512)])).toEqual([]);
});

it.each([
  [undefined],
  [null],
  [[]],
  [[{ name: "nofile", soft: 1, hard: 1 }]],
  [[nproc(-1)]],
])("reports %j", (ulimits) => {
  expect(check(ulimits)).toEqual([
    '`ulimits` of `web` sets no limit for `nproc`. Add `{ name: "nproc", soft: 1024, hard: 1024 }` to `ulimits`.',
  ]);
});

it("leaves open what a preview does not know, unless the limit is known", () => {
  expect(check([UNKNOWN, nproc(512)])).toEqual([]);
  expect(check([UNKNOWN])).toEqual(["unknown: .ulimits.0"]);
  expect(check([{ name: "nofile", soft: UNKNOWN, hard: UNKNOWN }])).toHaveLength(1);
  expect(check(UNKNOWN)).toEqual(["unknown: .ulimits"]);
});
