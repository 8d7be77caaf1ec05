import { expect, it } from "vitest";
import { groupAllowed } from "../../../../policies/rules/group-allowed.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (index: number, group: string) =>
  `\`groupAdds[${index}]\` of \`web\` is \`${group}\`, which is not allowed. ${groupAllowed.remediation}`;
const check = (groupAdds: string[] | undefined, config = {}) =>
  violations(groupAllowed, [container({ groupAdds } as object)], config);

it("accepts none", () => {
  for (const groups of [undefined, []]) expect(check(groups)).toEqual([]);
});

it("rejects each that config does not allow", () => {
  expect(check(["docker", "video", "0"])).toEqual([
    message(0, "docker"),
    message(1, "video"),
    message(2, "0"),
  ]);
  expect(check(["docker", "video"], { groups: ["video"] })).toEqual([message(0, "docker")]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(check([UNKNOWN, "docker"])).toEqual([message(1, "docker")]);
  expect(check([UNKNOWN])).toEqual(["unknown: .groupAdds.0"]);
});
