import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    container({ image: `sha256:${"0123456789abcdef".repeat(4)}` });
  },
  violates: [
    [
      "image-registry",
      "`image` of `web` is an id or digest, and nothing in the stack tells its registry. Take it from an allowed registry, or allow this one in the rule's `registries` by policy config.",
    ],
    [
      "image-version",
      "`image` of `web` is an id or digest, and nothing in the stack tells its tag. Take a tag with a version, such as `nginx:1.27.3`; for an id or digest, tell the reference by the label `llm-stack.image`, or take it from a `RemoteImage`.",
    ],
  ],
} satisfies BadStack;
