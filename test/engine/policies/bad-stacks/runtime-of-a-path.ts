import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ runtime: "/opt/shim" });
  },
  violates: [
    [
      "runtime-allowed",
      "`runtime` of `web` is `/opt/shim`, which is not allowed. Remove it, or allow the runtime in the policy config (`runtimes` of this rule).",
    ],
  ],
} satisfies BadStack;
