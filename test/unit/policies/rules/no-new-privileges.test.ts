import { expect, it } from "vitest";
import { noNewPrivileges } from "../../../../policies/rules/no-new-privileges.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = "Add `no-new-privileges:true` to `securityOpts`.";
const check = (securityOpts: string[] | undefined) =>
  violations(noNewPrivileges, [container({ securityOpts })]);

it.each(["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"])("accepts %s", (option) => {
  expect(check(["apparmor=mine", option])).toEqual([]);
});

it.each([undefined, [], ["seccomp=mine.json"], ["my-no-new-privileges"]])("rejects %j", (options) => {
  expect(check(options)).toEqual([
    `\`securityOpts\` of \`web\` does not contain \`no-new-privileges:true\`. ${REMEDY}`,
  ]);
});

it.each(["false", "0", "TRUE", ""])("rejects one that is `%s`", (value) => {
  expect(check([`no-new-privileges:${value}`])).toEqual([
    `\`securityOpts[0]\` of \`web\` disables no-new-privileges. ${REMEDY}`,
  ]);
});

it("rejects one that is switched off, even beside one that is on", () => {
  expect(check(["no-new-privileges:true", "no-new-privileges=false"])).toEqual([
    `\`securityOpts[1]\` of \`web\` disables no-new-privileges. ${REMEDY}`,
  ]);
});

it("leaves open what a preview does not know, unless another option decides", () => {
  expect(check([UNKNOWN, "no-new-privileges"])).toEqual([]);
  expect(check([UNKNOWN, "no-new-privileges:false"])).toHaveLength(1);
  expect(check([UNKNOWN])).toEqual(["unknown: .securityOpts.0"]);
  expect(check(UNKNOWN)).toEqual(["unknown: .securityOpts"]);
});
