import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ volumes: [{ hostPath: "/srv/files", containerPath: "/files" }] });
    container({ mounts: [{ type: "bind", source: "/srv/files/", target: "/files" }] }, { name: "worker" });
  },
  violates: [
    [
      "volume-not-shared",
      "`mounts[0]` of `worker` mounts `/srv/files` of the host writable, as `web` does. Give each container a volume of its own, or mount it with `readOnly: true` in all but one.",
    ],
  ],
} satisfies BadStack;
