import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ volume }) => {
    volume("share", { driverOpts: { type: "nfs", device: ":/", o: "addr=203.0.113.5" } });
  },
  violates: [
    [
      "volume-source-allowed",
      "`driverOpts.type` of volume `share` is `nfs`, which is not allowed. Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
    ],
  ],
} satisfies BadStack;
