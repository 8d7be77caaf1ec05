import { expect, it } from "vitest";
import { runtimeAllowed } from "../../../../policies/rules/runtime-allowed.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (runtime: string | undefined, config = {}) =>
  violations(runtimeAllowed, [container({ runtime } as object)], config);

it.each([undefined, "", "runc", "io.containerd.runc.v2", "runsc"])("accepts %s", (runtime) => {
  expect(check(runtime)).toEqual([]);
});

it.each([
  "nvidia",
  "/opt/shim",
  "io.containerd.other.v1",
  "Runc",
])("rejects %s, unless config allows it", (runtime) => {
  expect(check(runtime)).toEqual([
    `\`runtime\` of \`web\` is \`${runtime}\`, which is not allowed. ${runtimeAllowed.remediation}`,
  ]);
  expect(check(runtime, { runtimes: [runtime] })).toEqual([]);
});

it("leaves open what a preview does not know", () => {
  expect(check(UNKNOWN)).toEqual(["unknown: .runtime"]);
});
