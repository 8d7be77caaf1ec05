import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, remoteImage }) => {
    const image = remoteImage("nginx:latest");
    container({ image: image.imageId });
  },
  violates: [
    [
      "image-version",
      "`image` of `web` has the tag `latest`, which names no version. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, put the reference in the label `llm-stack.image`, or take it from a `RemoteImage`.",
    ],
  ],
} satisfies BadStack;
