import { expect, it } from "vitest";
import { cpuLimit } from "../../../../policies/rules/cpu-limit.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (props: object) => violations(cpuLimit, [container({ cpuShares: undefined, ...props })]);

it.each([
  { cpus: "0.5" },
  { cpuQuota: 50000 },
  { cpuSet: "0-1" },
  { cpuShares: 512 },
  { cpuShares: 4096 },
])("accepts %j", (props) => {
  expect(check(props)).toEqual([]);
});

it.each([
  {},
  { cpuShares: 1024 },
  { cpus: "0", cpuQuota: 0, cpuSet: "", cpuShares: 0 },
  { cpuQuota: -1 },
  { cpus: null, cpuQuota: null, cpuSet: null, cpuShares: null },
])("reports %j", (props) => {
  expect(check(props)).toEqual([
    "`cpus` of `web` sets no limit, and no other argument does. Set `cpus`, `cpuQuota`, `cpuSet` or `cpuShares`.",
  ]);
});

it("leaves open what a preview does not know, unless another limit is known", () => {
  expect(check({ cpus: UNKNOWN, cpuShares: 512 })).toEqual([]);
  expect(check({ cpus: UNKNOWN, cpuShares: 1024 })).toEqual(["unknown: .cpus"]);
});
