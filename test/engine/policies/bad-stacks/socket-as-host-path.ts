import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      volumes: [{ hostPath: "//var/run/./docker.sock", containerPath: "/docker.sock", readOnly: true }],
    });
  },
  violates: [
    [
      "no-docker-socket",
      "`volumes[0].hostPath` of `web` is `//var/run/./docker.sock`, the socket of a container engine. Remove it: whoever has it controls the host. Give a tool that needs it a proxy for the socket that allows only certain requests.",
    ],
  ],
} satisfies BadStack;
