import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ image: "nginx" });
  },
  violates: [
    [
      "image-version",
      "`image` of `web` has no tag, which means `latest`. Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, take it from a `RemoteImage` whose name has one.",
    ],
  ],
} satisfies BadStack;
