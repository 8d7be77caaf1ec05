import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ capabilities: undefined });
  },
  violates: [
    [
      "capabilities-dropped",
      '`capabilities.drops` of `web` does not contain `ALL`. Set `capabilities` to `{ drops: ["ALL"] }`. Allow one that the program needs in the policy config (`allowed` of this rule).',
    ],
  ],
} satisfies BadStack;
