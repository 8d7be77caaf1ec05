import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, volume }) => {
    volume("remote", { driver: "rclone" });
    container({ mounts: [{ type: "volume", target: "/x", volumeOptions: { driverName: "rclone" } }] });
  },
  violates: [
    [
      "volume-source-allowed",
      "`driver` of volume `remote` is `rclone`, which is not allowed. Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
    ],
    [
      "volume-source-allowed",
      "`mounts[0].volumeOptions.driverName` of `web` is `rclone`, which is not allowed. Leave `driver` and its options out, or allow the driver (`drivers` of this rule) or the type of file system (`types`) in the policy config, and see to what it mounts yourself.",
    ],
  ],
} satisfies BadStack;
