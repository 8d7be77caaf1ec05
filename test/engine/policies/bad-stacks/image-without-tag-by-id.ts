import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, remoteImage }) => {
    const image = remoteImage("nginx");
    container({ image: image.imageId });
  },
  violates: [
    [
      "image-version",
      "`image` of `web` has no tag, which means `latest`. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, put the reference in the label `llm-stack.image`, or take it from a `RemoteImage`.",
    ],
  ],
} satisfies BadStack;
