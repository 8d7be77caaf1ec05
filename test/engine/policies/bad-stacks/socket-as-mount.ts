import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ mounts: [{ type: "bind", source: "/run/user/1000/docker.sock", target: "/docker.sock" }] });
  },
  violates: [
    [
      "no-docker-socket",
      "`mounts[0].source` of `web` is `/run/user/1000/docker.sock`, the socket of a container engine. Remove it: whoever has it controls the host. Give a tool that needs it a proxy for the socket that allows only certain requests.",
    ],
  ],
} satisfies BadStack;
