import { expect, it } from "vitest";
import { noUnconfinedProfile } from "../../../../policies/rules/no-unconfined-profile.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY =
  "Remove it, so that the engine's default profile applies, or allow a profile of your own in the policy config (`allowed` of this rule).";
const check = (securityOpts: string[] | undefined, config = {}) =>
  violations(noUnconfinedProfile, [container({ securityOpts })], config);

it("accepts the engine's profiles, and one's own that config allows", () => {
  const own = ["no-new-privileges:true", "seccomp=builtin", "apparmor=docker-default"];
  for (const options of [undefined, [], own]) expect(check(options)).toEqual([]);
  expect(check([...own, "apparmor=mine"], { allowed: ["apparmor=mine"] })).toEqual([]);
  expect(check(["apparmor=mine2"], { allowed: ["apparmor=mine"] })).toHaveLength(1);
});

it("rejects a profile in JSON, which it does not read, and does not show it", () => {
  const profile = JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW" });
  expect(check([`seccomp=${profile}`])).toEqual([
    `\`securityOpts[0]\` of \`web\` is \`seccomp={…}\`. ${REMEDY}`,
  ]);
});

it.each([
  "seccomp=unconfined",
  "seccomp:unconfined",
  "apparmor=unconfined",
  "apparmor:unconfined",
  "systempaths=unconfined",
  "label=disable",
  "label:disable",
  "label=type:spc_t",
  "seccomp=UNCONFINED",
  "seccomp= unconfined",
  "apparmor=mine",
  "writable-cgroups=true",
])("rejects %s", (option) => {
  expect(check(["no-new-privileges", option])).toEqual([
    `\`securityOpts[1]\` of \`web\` is \`${option}\`. ${REMEDY}`,
  ]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(check([UNKNOWN, "seccomp=unconfined"])).toHaveLength(1);
  expect(check([UNKNOWN, "no-new-privileges"])).toEqual(["unknown: .securityOpts.0"]);
});
