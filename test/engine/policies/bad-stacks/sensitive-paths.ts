import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      volumes: [{ hostPath: "/srv/../etc", containerPath: "/host/etc", readOnly: true }],
      mounts: [{ type: "bind", source: "/var", target: "/host/var" }],
      devices: [{ hostPath: "/dev/sda" }],
    });
  },
  violates: [
    [
      "no-sensitive-host-path",
      "`volumes[0].hostPath` of `web` is `/srv/../etc`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
    [
      "no-sensitive-host-path",
      "`mounts[0].source` of `web` is `/var`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
    [
      "no-sensitive-host-path",
      "`devices[0].hostPath` of `web` is `/dev/sda`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
  ],
} satisfies BadStack;
