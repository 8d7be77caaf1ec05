import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({ mounts: [{ type: "bind", source: "/run/user/1000/docker.sock", target: "/docker.sock" }] });
  },
  violates: [
    [
      "no-docker-socket",
      "`mounts[0].source` of `web` is `/run/user/1000/docker.sock`, an engine's socket. Remove it: who has it commands the host. A tool that needs it belongs behind a proxy that lets single requests through.",
    ],
  ],
} satisfies BadStack;
