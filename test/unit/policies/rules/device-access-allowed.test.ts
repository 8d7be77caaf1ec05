import { expect, it } from "vitest";
import { deviceAccessAllowed } from "../../../../policies/rules/device-access-allowed.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (props: object, config = {}) => violations(deviceAccessAllowed, [container(props)], config);
const message = (problem: string) => `${problem}, which is not allowed. ${deviceAccessAllowed.remediation}`;

it.each([
  {},
  { gpus: "all" },
  { gpus: "2" },
  { gpus: "device=0,1" },
  { gpus: '"device=0,1",driver=nvidia' },
  { gpus: "device=GPU-3a23c669-1f69-c64e-cf85-44e9b07e7a2a" },
  { deviceRequests: [{ driver: "nvidia", count: -1, capabilities: ["gpu"] }] },
  { deviceRequests: [{ deviceIds: ["0"], capabilities: ["gpu"] }] },
])("accepts %j", (props) => {
  expect(check(props)).toEqual([]);
});

it.each([
  [{ deviceCgroupRules: ["a *:* rwm"] }, "`deviceCgroupRules[0]` of `web` is `a *:* rwm`"],
  [{ gpus: "driver=cdi" }, "`gpus` of `web` has `driver=cdi`"],
  [{ gpus: "device=vendor.com/class=name" }, "`gpus` of `web` has `device=vendor.com/class=name`"],
  [{ gpus: "options=x" }, "`gpus` of `web` has `options=x`"],
  [{ deviceRequests: [{ driver: "cdi" }] }, "`deviceRequests[0].driver` of `web` is `cdi`"],
  [
    { deviceRequests: [{ deviceIds: ["0", "vendor.com/class=name"] }] },
    "`deviceRequests[0].deviceIds[1]` of `web` is `vendor.com/class=name`",
  ],
])("rejects %j", (props, problem) => {
  expect(check(props)).toEqual([message(problem)]);
});

it("takes rules and drivers by config", () => {
  expect(check({ deviceCgroupRules: ["c 189:* rmw"] }, { rules: ["c 189:* rmw"] })).toEqual([]);
  expect(
    check({ gpus: "driver=other", deviceRequests: [{ driver: "other" }] }, { drivers: ["other"] }),
  ).toEqual([]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(check({ gpus: UNKNOWN, deviceCgroupRules: ["a"] })).toEqual([
    message("`deviceCgroupRules[0]` of `web` is `a`"),
  ]);
  expect(check({ gpus: UNKNOWN })).toEqual(["unknown: .gpus"]);
  expect(check({ deviceCgroupRules: [UNKNOWN] })).toEqual(["unknown: .deviceCgroupRules.0"]);
});
