import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({
      volumes: [{ hostPath: "//var/run/./docker.sock", containerPath: "/docker.sock", readOnly: true }],
    });
  },
  violates: [
    [
      "no-docker-socket",
      "`volumes[0].hostPath` of `web` is `//var/run/./docker.sock`, an engine's socket. Remove it: who has it commands the host. A tool that needs it belongs behind a proxy that lets single requests through.",
    ],
  ],
} satisfies BadStack;
