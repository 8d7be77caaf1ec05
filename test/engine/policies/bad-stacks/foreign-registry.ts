import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ image: "quay.io/someone/web:1.2" });
  },
  violates: [
    [
      "image-registry",
      "`image` of `web` comes from `quay.io`. Use an image from an allowed registry, or allow this registry in the policy config (`registries` of this rule).",
    ],
  ],
} satisfies BadStack;
