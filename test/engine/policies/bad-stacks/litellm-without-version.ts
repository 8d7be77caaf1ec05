import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm }) => {
    litellm({ image: "ghcr.io/berriai/litellm:main-stable" });
  },
  violates: [
    [
      "image-version",
      "`image` of `proxy` has the tag `main-stable`, which names no version. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, put the reference in the label `llm-stack.image`, or take it from a `RemoteImage`.",
    ],
    [
      "litellm-exploited-version",
      "`image` of `proxy` does not say which version of LiteLLM it is. Run LiteLLM 1.84.0 or later, with a tag that names the version, such as `main-v1.84.0-stable`; for an id, put the reference in the label `llm-stack.image`.",
    ],
  ],
} satisfies BadStack;
