import { expect, it } from "vitest";
import { noUnconfinedProfile } from "../../../../policies/rules/no-unconfined-profile.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = "Remove it, so that the engine's default profile applies, or name a profile of your own.";
const check = (securityOpts: string[] | undefined) =>
  violations(noUnconfinedProfile, [container({ securityOpts })]);

it("accepts the engine's profiles and one's own", () => {
  const own = ["no-new-privileges", "seccomp=profile.json", "apparmor=mine", "label=type:mine_t"];
  for (const options of [undefined, [], own]) expect(check(options)).toEqual([]);
});

it.each([
  "seccomp=unconfined",
  "seccomp:unconfined",
  "apparmor=unconfined",
  "apparmor:unconfined",
  "systempaths=unconfined",
  "label=disable",
  "label:disable",
])("rejects %s", (option) => {
  expect(check(["no-new-privileges", option])).toEqual([
    `\`securityOpts[1]\` of \`web\` is \`${option}\`. ${REMEDY}`,
  ]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(check([UNKNOWN, "seccomp=unconfined"])).toHaveLength(1);
  expect(check([UNKNOWN, "no-new-privileges"])).toEqual(["unknown: .securityOpts.0"]);
});
