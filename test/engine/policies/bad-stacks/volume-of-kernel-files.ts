import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ volume }) => {
    volume("kernel", { driverOpts: { type: "proc", device: "proc" } });
  },
  violates: [
    [
      "volume-source-allowed",
      "`driverOpts.type` of volume `kernel` is `proc`, which is not allowed. Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
    ],
  ],
} satisfies BadStack;
