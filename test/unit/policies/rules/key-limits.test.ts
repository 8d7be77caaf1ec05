import { expect, it } from "vitest";
import { keyLimits } from "../../../../policies/rules/key-limits.ts";
import { resource, UNKNOWN, violations } from "../../../support/policies.ts";

const key = (props: object, from: Record<string, string[]> = {}) =>
  resource("litellm:index:Key", "agent", props, { from });
const team = (props: object) => resource("litellm:index:Team", "team", props);
const BUDGET = `\`agent\` has no budget (\`maxBudget\`), and neither has its team. ${keyLimits.remediation}`;
const RATE = `\`agent\` has no rate limit (\`rpmLimit\` or \`tpmLimit\`), and neither has its team. ${keyLimits.remediation}`;

it("accepts keys with limits of their own", () => {
  const stack = [key({ maxBudget: 1, rpmLimit: 60 }), key({ maxBudget: 1, tpmLimit: 1000 })];
  expect(violations(keyLimits, stack)).toEqual([]);
});

it("accepts keys whose team or budget has them", () => {
  const theirs = team({ maxBudget: 1, rpmLimit: 60 });
  expect(violations(keyLimits, [theirs, key({ teamId: UNKNOWN }, { teamId: [theirs.urn] })])).toEqual([]);
  const half = team({ maxBudget: 1 });
  expect(violations(keyLimits, [half, key({ teamId: "t", rpmLimit: 1 }, { teamId: [half.urn] })])).toEqual(
    [],
  );
  const budget = resource("litellm:index:Budget", "budget", { maxBudget: 1, tpmLimit: 1 });
  expect(violations(keyLimits, [budget, key({ budgetId: UNKNOWN }, { budgetId: [budget.urn] })])).toEqual([]);
});

it.each([
  [{}, [BUDGET, RATE]],
  [{ maxBudget: null, rpmLimit: 0, tpmLimit: 0 }, [BUDGET, RATE]],
  [{ maxBudget: 1 }, [RATE]],
  [{ rpmLimit: 1 }, [BUDGET]],
])("rejects a key with %o", (props, found) => {
  expect(violations(keyLimits, [key(props)])).toEqual(found);
});

it("does not take another team's limits", () => {
  const other = team({ maxBudget: 1, rpmLimit: 60 });
  expect(violations(keyLimits, [other, key({})])).toEqual([BUDGET, RATE]);
  expect(violations(keyLimits, [other, key({ teamId: "u" })])).toEqual([BUDGET, RATE]);
});

it("leaves open what a preview does not know, and reports the rest", () => {
  expect(violations(keyLimits, [key({ maxBudget: UNKNOWN })])).toEqual([RATE, "unknown: .maxBudget"]);
  expect(violations(keyLimits, [key({ maxBudget: 1, rpmLimit: UNKNOWN, tpmLimit: 1 })])).toEqual([]);
  const theirs = team({ maxBudget: UNKNOWN, rpmLimit: 1 });
  expect(violations(keyLimits, [theirs, key({}, { teamId: [theirs.urn] })])).toEqual(["unknown: .maxBudget"]);
});
