import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ networkMode: "host", networksAdvanced: undefined, ports: undefined });
  },
  violates: [
    [
      "no-host-namespace",
      "`networkMode` of `web` is the host's. Remove it: containers reach each other by name on a network that they share.",
    ],
  ],
} satisfies BadStack;
