import { expect, it } from "vitest";
import { restartPolicy } from "../../../../policies/rules/restart-policy.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const check = (restart: string | undefined | null) =>
  violations(restartPolicy, [container({ restart: restart as string })]);

it.each(["unless-stopped", "always", "on-failure"])("accepts %s", (restart) => {
  expect(check(restart)).toEqual([]);
});

it.each([undefined, null, "", "no"])("reports %s", (restart) => {
  expect(check(restart)).toEqual([
    "`restart` of `web` is not set, so it stays down after a failure. Set `restart` to `unless-stopped`, or to `on-failure` with `maxRetryCount`.",
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(check(UNKNOWN)).toEqual(["unknown: .restart"]);
});
