import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      volumes: [{ volumeName: "/run/containerd/containerd.sock", containerPath: "/containerd.sock" }],
    });
  },
  violates: [
    [
      "no-docker-socket",
      "`volumes[0].volumeName` of `web` is `/run/containerd/containerd.sock`, the socket of a container engine. Remove it: whoever has it controls the host. Give a tool that needs it a proxy for the socket that allows only certain requests.",
    ],
  ],
} satisfies BadStack;
