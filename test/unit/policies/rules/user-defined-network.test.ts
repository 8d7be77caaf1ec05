import { expect, it } from "vitest";
import { userDefinedNetwork } from "../../../../policies/rules/user-defined-network.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (props: object) => violations(userDefinedNetwork, [container(props)]);
const on = (...names: string[]) => ({ networksAdvanced: names.map((name) => ({ name })) });

it.each([
  on("theirs"),
  on("bridge", "theirs"),
  { networkMode: "theirs", networksAdvanced: undefined },
  { networkMode: "none", networksAdvanced: undefined },
])("accepts %j", (props) => {
  expect(check(props)).toEqual([]);
});

it.each([
  { networkMode: "host", networksAdvanced: undefined },
  { networkMode: "container:db", networksAdvanced: undefined },
  on("host"),
])("leaves %j to `no-host-namespace`", (props) => {
  expect(check(props)).toEqual([]);
});

it.each([
  { networksAdvanced: undefined },
  { networkMode: undefined, networksAdvanced: [] },
  { networkMode: "", networksAdvanced: null },
  { networkMode: "default", ...on("bridge") },
  on("bridge", "none", "default"),
])("rejects %j", (props) => {
  expect(check(props)).toEqual([
    "`networksAdvanced` of `web` names no network but Docker's own. Declare a `docker.Network`, and name it in `networksAdvanced`.",
  ]);
});

it("leaves open what a preview does not know, unless what is known decides", () => {
  expect(check(on(UNKNOWN, "theirs"))).toEqual([]);
  expect(check({ networkMode: UNKNOWN })).toEqual([]);
  expect(check({ networkMode: "none", networksAdvanced: UNKNOWN })).toEqual([]);
  expect(check(on("bridge", UNKNOWN))).toEqual(["unknown: .networksAdvanced.1.name"]);
  expect(check({ networkMode: UNKNOWN, networksAdvanced: [] })).toEqual(["unknown: .networkMode"]);
});
