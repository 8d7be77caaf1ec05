import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ deviceCgroupRules: ["a *:* rwm"] });
  },
  violates: [
    [
      "device-access-allowed",
      "`deviceCgroupRules[0]` of `web` is `a *:* rwm`, which is not allowed. Remove it, or allow the rule (`rules` of this rule) or the driver (`drivers`) in the policy config; a single device goes into `devices`.",
    ],
  ],
} satisfies BadStack;
