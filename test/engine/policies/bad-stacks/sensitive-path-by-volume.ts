import * as docker from "@pulumi/docker";
import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    const volume = new docker.Volume("cache", {
      driverOpts: { type: "none", o: "bind", device: "/root/.ssh" },
    });
    container({ volumes: [{ volumeName: volume.name, containerPath: "/cache" }] });
  },
  violates: [
    [
      "no-sensitive-host-path",
      "`volumes[0]` of `web` is volume `cache`, which binds `/root/.ssh`, a sensitive path of the host. Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.",
    ],
  ],
} satisfies BadStack;
