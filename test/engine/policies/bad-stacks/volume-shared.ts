import * as docker from "@pulumi/docker";
import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    const { name: volumeName } = new docker.Volume("files");
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
