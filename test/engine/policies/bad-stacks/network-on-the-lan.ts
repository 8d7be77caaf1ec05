import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ network }) => {
    network("lan", { driver: "macvlan", options: { parent: "eth0" } });
  },
  violates: [
    [
      "network-driver-allowed",
      "`driver` of network `lan` is `macvlan`, which is not allowed. Leave `driver` and `options` out, or allow the driver (`drivers` of this rule) or the option (`options`) in the policy config: on `macvlan` and `ipvlan`, other hosts reach every port of a container.",
    ],
    [
      "network-driver-allowed",
      '`options["parent"]` of network `lan` is not allowed. Leave `driver` and `options` out, or allow the driver (`drivers` of this rule) or the option (`options`) in the policy config: on `macvlan` and `ipvlan`, other hosts reach every port of a container.',
    ],
  ],
} satisfies BadStack;
