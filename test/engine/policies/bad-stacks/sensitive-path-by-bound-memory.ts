import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ volume }) => {
    volume("memory", { driverOpts: { type: "tmpfs", o: "bind", device: "/etc" } });
  },
  violates: [
    [
      "no-sensitive-host-path",
      "`driverOpts.device` of volume `memory` is `/etc`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
  ],
} satisfies BadStack;
