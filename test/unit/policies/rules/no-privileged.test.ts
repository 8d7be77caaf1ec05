import { expect, it } from "vitest";
import { noPrivileged } from "../../../../policies/rules/no-privileged.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

it("accepts a container that is not privileged", () => {
  expect(violations(noPrivileged, [container(), container({ privileged: false })])).toEqual([]);
});

it("rejects a privileged container", () => {
  expect(violations(noPrivileged, [container({ privileged: true })])).toEqual([
    "`privileged` of `web` gives it every device and capability of the host. Remove it, and add only the capability that is needed to `capabilities.adds`.",
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(violations(noPrivileged, [container({ privileged: UNKNOWN })])).toEqual(["unknown: .privileged"]);
});

it("exempts by config, and prints the reason", () => {
  const config = { exempt: [{ resource: "we*", reason: "needs the host's devices until March" }] };
  expect(violations(noPrivileged, [container({ privileged: true })], config)).toEqual([
    "advisory: No container is privileged.\nexempt: needs the host's devices until March (`privileged` of `web` gives it every device and capability of the host)",
  ]);
});
