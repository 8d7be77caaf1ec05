import { expect, it } from "vitest";
import { capabilitiesDropped } from "../../../../policies/rules/capabilities-dropped.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY =
  'Set `capabilities` to `{ drops: ["ALL"] }`. Allow one that the program needs in the policy config (`allowed` of this rule).';
const check = (capabilities: object | undefined, config = {}) =>
  violations(capabilitiesDropped, [container({ capabilities })], config);

it.each([
  { drops: ["ALL"] },
  { drops: ["CHOWN", "all"], adds: [] },
  { drops: ["CAP_ALL"], adds: ["NET_BIND_SERVICE"] },
  { drops: ["ALL"], adds: ["cap_net_bind_service"] },
])("accepts %j", (capabilities) => {
  expect(check(capabilities)).toEqual([]);
});

it.each([
  undefined,
  {},
  { drops: [] },
  { drops: ["NET_RAW"] },
  { drops: null },
  { drops: [" ALL"] },
])("rejects %j, which leaves some", (capabilities) => {
  expect(check(capabilities)).toEqual([
    `\`capabilities.drops\` of \`web\` does not contain \`ALL\`. ${REMEDY}`,
  ]);
});

it("rejects each capability that is added and not allowed", () => {
  expect(
    check({ drops: ["ALL"], adds: ["NET_BIND_SERVICE", "cap_sys_admin", "ALL", "all", "Cap_All"] }),
  ).toEqual([
    `\`capabilities.adds[1]\` of \`web\` is \`SYS_ADMIN\`, which is not allowed. ${REMEDY}`,
    ...[2, 3, 4].map(
      (index) => `\`capabilities.adds[${index}]\` of \`web\` is \`ALL\`, which is not allowed. ${REMEDY}`,
    ),
  ]);
});

it("takes other allowed capabilities by config, in place of the default", () => {
  const config = { allowed: ["CAP_CHOWN", "setuid"] };
  expect(check({ drops: ["ALL"], adds: ["CHOWN", "SETUID"] }, config)).toEqual([]);
  expect(check({ drops: ["ALL"], adds: ["NET_BIND_SERVICE"] }, config)).toHaveLength(1);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(check({ drops: [UNKNOWN, "ALL"] })).toEqual([]);
  expect(check({ drops: [UNKNOWN] })).toEqual(["unknown: .capabilities.drops.0"]);
  expect(check({ drops: UNKNOWN, adds: ["SYS_ADMIN"] })).toHaveLength(1);
  expect(check({ drops: ["ALL"], adds: [UNKNOWN, "SYS_ADMIN"] })).toHaveLength(1);
  expect(check({ drops: ["ALL"], adds: [UNKNOWN] })).toEqual(["unknown: .capabilities.adds.0"]);
});
