import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({
      image: `sha256:${"0123456789abcdef".repeat(4)}`,
      labels: [{ label: "llm-stack.image", value: "nginx:1.27.3" }],
    });
  },
  violates: [
    [
      "image-registry",
      "`image` of `web` is an id or digest, and no image resource in the stack names its registry. Use an image from an allowed registry, or allow this registry in the policy config (`registries` of this rule).",
    ],
    [
      "image-version",
      "`image` of `web` is an id or digest, and no image resource in the stack names its tag. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, take it from a `RemoteImage` whose name has one.",
    ],
  ],
} satisfies BadStack;
