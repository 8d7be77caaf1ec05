import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ capabilities: { drops: ["ALL"], adds: ["CAP_SYS_ADMIN"] } });
  },
  violates: [
    [
      "capabilities-dropped",
      '`capabilities.adds[0]` of `web` is `SYS_ADMIN`, which is not allowed. Set `capabilities` to `{ drops: ["ALL"] }`. Allow one that the program needs in the policy config (`allowed` of this rule).',
    ],
  ],
} satisfies BadStack;
