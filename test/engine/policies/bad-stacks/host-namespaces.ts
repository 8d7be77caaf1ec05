import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ pidMode: "host", ipcMode: "container:other", usernsMode: "host", cgroupnsMode: "host" });
  },
  violates: [
    [
      "no-host-namespace",
      "`pidMode` of `web` is the host's. Remove it: containers reach each other by name on a network that they share.",
    ],
    [
      "no-host-namespace",
      "`ipcMode` of `web` is another container's. Remove it: containers reach each other by name on a network that they share.",
    ],
    [
      "no-host-namespace",
      "`usernsMode` of `web` is the host's. Remove it: containers reach each other by name on a network that they share.",
    ],
    [
      "no-host-namespace",
      "`cgroupnsMode` of `web` is the host's. Remove it: containers reach each other by name on a network that they share.",
    ],
  ],
} satisfies BadStack;
