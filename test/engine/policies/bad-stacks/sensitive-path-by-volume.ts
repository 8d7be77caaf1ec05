import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, volume }) => {
    const cache = volume("cache", {
      driverOpts: { type: "none", o: "bind", device: "/root/.ssh" },
    });
    container({ volumes: [{ volumeName: cache.name, containerPath: "/cache" }] });
  },
  violates: [
    [
      "no-sensitive-host-path",
      "`volumes[0]` of `web` is volume `cache`, which binds `/root/.ssh`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
  ],
} satisfies BadStack;
