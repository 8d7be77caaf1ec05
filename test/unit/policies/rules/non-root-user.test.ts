import { expect, it } from "vitest";
import { nonRootUser } from "../../../../policies/rules/non-root-user.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = "Set `user` to one that the image can run as, such as `1000:1000`.";
const check = (user: string | undefined | null) =>
  violations(nonRootUser, [container({ user: user as string })]);

it.each(["1000", "999:999", "nobody", "1000:0", "rooted"])("accepts %s", (user) => {
  expect(check(user)).toEqual([]);
});

it.each(["root", "0", "00", "root:root", "0:0", "0:1000", ":1000"])("reports %s", (user) => {
  expect(check(user)).toEqual([`\`user\` of \`web\` is root. ${REMEDY}`]);
});

it.each([undefined, null, ""])("reports none: %s", (user) => {
  expect(check(user)).toEqual([
    `\`user\` of \`web\` is not set, so the image decides, and most images run as root. ${REMEDY}`,
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(check(UNKNOWN)).toEqual(["unknown: .user"]);
});
