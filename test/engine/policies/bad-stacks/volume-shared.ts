import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, volume }) => {
    const { name: volumeName } = volume("files");
    const volumes = [{ volumeName, containerPath: "/files" }];
    container({ volumes });
    container({ volumes, ports: undefined }, { name: "worker" });
  },
  violates: [
    [
      "volume-not-shared",
      "`volumes[0]` of `worker` mounts volume `files` writable, as `web` does. Give each container a volume of its own, or mount it with `readOnly: true` in all but one.",
    ],
  ],
} satisfies BadStack;
