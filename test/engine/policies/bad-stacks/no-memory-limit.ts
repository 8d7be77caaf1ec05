import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ memory: undefined });
  },
  violates: [
    [
      "memory-limit",
      "`memory` of `web` sets no limit. Set `memory`, in MiB, and `memorySwap` to the same value, so that no swap is added to it.",
    ],
  ],
} satisfies BadStack;
