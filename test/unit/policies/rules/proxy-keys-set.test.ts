import { expect, it } from "vitest";
import { proxyKeysSet } from "../../../../policies/rules/proxy-keys-set.ts";
import { container, litellm, UNKNOWN, violations } from "../../../support/policies.ts";

const MASTER = "LITELLM_MASTER_KEY=sk-own";
const SALT = "LITELLM_SALT_KEY=own";
const message = (problem: string) => `${problem}. ${proxyKeysSet.remediation}`;

it("accepts a LiteLLM with both keys, and what is not LiteLLM", () => {
  expect(violations(proxyKeysSet, [litellm(), container()])).toEqual([]);
});

it.each([
  [[SALT], "`envs` of `proxy` has no `LITELLM_MASTER_KEY`"],
  [[MASTER], "`envs` of `proxy` has no `LITELLM_SALT_KEY`"],
  [[MASTER, "LITELLM_SALT_KEY="], "`envs[1]` (`LITELLM_SALT_KEY`) of `proxy` is empty"],
  [[MASTER, "LITELLM_SALT_KEY"], "`envs[1]` (`LITELLM_SALT_KEY`) of `proxy` is empty"],
  [[MASTER, SALT, "LITELLM_MASTER_KEY="], "`envs[2]` (`LITELLM_MASTER_KEY`) of `proxy` is empty"],
])("rejects %s", (envs, problem) => {
  expect(violations(proxyKeysSet, [litellm({ envs })])).toEqual([message(problem)]);
});

it("rejects a LiteLLM without either", () => {
  expect(violations(proxyKeysSet, [litellm({ envs: undefined })])).toEqual([
    message("`envs` of `proxy` has no `LITELLM_MASTER_KEY`"),
    message("`envs` of `proxy` has no `LITELLM_SALT_KEY`"),
  ]);
});

it("accepts both keys beside variables that are unknown", () => {
  expect(violations(proxyKeysSet, [litellm({ envs: [UNKNOWN, MASTER, SALT] })])).toEqual([]);
});

it("leaves open whether an unknown variable is a missing key, and reports an empty one", () => {
  expect(violations(proxyKeysSet, [litellm({ envs: [UNKNOWN, "LITELLM_SALT_KEY="] })])).toEqual([
    message("`envs[1]` (`LITELLM_SALT_KEY`) of `proxy` is empty"),
    "unknown: .envs.0",
  ]);
  expect(violations(proxyKeysSet, [litellm({ envs: UNKNOWN })])).toEqual(["unknown: .envs"]);
});
