import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ networksAdvanced: [{ name: "host" }], ports: undefined });
  },
  violates: [
    [
      "no-host-namespace",
      "`networksAdvanced[0]` of `web` is the host's network. Remove it: containers reach each other by name on a network that they share.",
    ],
  ],
} satisfies BadStack;
