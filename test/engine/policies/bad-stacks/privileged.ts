import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ privileged: true });
  },
  violates: [
    [
      "no-privileged",
      "`privileged` of `web` gives it every device and capability of the host. Remove it, and add only the capability that is needed to `capabilities.adds`.",
    ],
  ],
} satisfies BadStack;
