import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({
      volumes: [{ volumeName: "/run/containerd/containerd.sock", containerPath: "/containerd.sock" }],
    });
  },
  violates: [
    [
      "no-docker-socket",
      "`volumes[0].volumeName` of `web` is `/run/containerd/containerd.sock`, an engine's socket. Remove it: who has it commands the host. A tool that needs it belongs behind a proxy that lets single requests through.",
    ],
  ],
} satisfies BadStack;
