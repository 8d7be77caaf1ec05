import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      volumes: [
        { hostPath: "/root/.bashrc", containerPath: "/a", readOnly: true },
        { hostPath: "/var/spool/cron", containerPath: "/b", readOnly: true },
        { hostPath: "/srv/app/.llm-stack", containerPath: "/c", readOnly: true },
      ],
    });
  },
  violates: [
    [
      "no-sensitive-host-path",
      "`volumes[0].hostPath` of `web` is `/root/.bashrc`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
    [
      "no-sensitive-host-path",
      "`volumes[1].hostPath` of `web` is `/var/spool/cron`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
    [
      "no-sensitive-host-path",
      "`volumes[2].hostPath` of `web` is `/srv/app/.llm-stack`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
  ],
} satisfies BadStack;
