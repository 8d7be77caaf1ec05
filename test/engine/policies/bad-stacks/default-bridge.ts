import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ networksAdvanced: undefined });
  },
  violates: [
    [
      "user-defined-network",
      "`networksAdvanced` of `web` names no network but Docker's own. Declare a `docker.Network`, and name it in `networksAdvanced`.",
    ],
  ],
} satisfies BadStack;
