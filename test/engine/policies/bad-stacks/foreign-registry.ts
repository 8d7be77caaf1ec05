import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({ image: "quay.io/someone/web:1.2" });
  },
  violates: [
    [
      "image-registry",
      "`image` of `web` comes from `quay.io`. Take it from an allowed registry, or allow this one in the rule's `registries` by policy config.",
    ],
  ],
} satisfies BadStack;
