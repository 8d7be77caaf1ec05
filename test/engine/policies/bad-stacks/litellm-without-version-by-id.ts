import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ litellm, remoteImage }) => {
    const image = remoteImage("ghcr.io/berriai/litellm:main-stable");
    litellm({ image: image.imageId });
  },
  violates: [
    [
      "image-version",
      "`image` of `proxy` has the tag `main-stable`, which names no version. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, take it from a `RemoteImage` whose name has one.",
    ],
    [
      "litellm-exploited-version",
      "`image` of `proxy` does not say which version of LiteLLM it is. Run LiteLLM 1.84.0 or later, with a tag that names the version, such as `main-v1.84.0-stable`; for an id, take it from a `RemoteImage`.",
    ],
  ],
} satisfies BadStack;
