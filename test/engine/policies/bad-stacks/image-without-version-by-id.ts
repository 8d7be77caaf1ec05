import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, remoteImage }) => {
    const image = remoteImage("nginx:latest");
    container({ image: image.imageId });
  },
  violates: [
    [
      "image-version",
      "`image` of `web` has the tag `latest`, which names no version. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, take it from a `RemoteImage` whose name has one.",
    ],
  ],
} satisfies BadStack;
