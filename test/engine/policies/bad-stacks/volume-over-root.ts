import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ volume }) => {
    volume("root", {
      driverOpts: { type: "overlay", device: "overlay", o: "lowerdir=/,upperdir=/tmp/u,workdir=/tmp/w" },
    });
  },
  violates: [
    [
      "volume-source-allowed",
      "`driverOpts.type` of volume `root` is `overlay`, which is not allowed. Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
    ],
  ],
} satisfies BadStack;
