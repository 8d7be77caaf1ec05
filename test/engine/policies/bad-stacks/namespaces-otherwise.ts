import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      pidMode: "ns:/proc/1/ns/pid",
      mounts: [{ type: "bind", source: "/srv", target: "/srv", bindOptions: { propagation: "rshared" } }],
    });
  },
  violates: [
    [
      "no-host-namespace",
      "`mounts[0].bindOptions.propagation` of `web` is `rshared`, which shares its mounts with the host. Remove it: containers reach each other by name on a network that they share.",
    ],
    [
      "no-host-namespace",
      "`pidMode` of `web` is `ns:/proc/1/ns/pid`, which is not known to be its own. Remove it: containers reach each other by name on a network that they share.",
    ],
  ],
} satisfies BadStack;
