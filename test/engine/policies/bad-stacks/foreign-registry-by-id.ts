import * as docker from "@pulumi/docker";
import { type BadStack, container } from "../../../support/good-stack.ts";

export default {
  declare: () => {
    const image = new docker.RemoteImage("image", { name: "quay.io/someone/web:1.2" });
    container({ image: image.imageId });
  },
  violates: [
    [
      "image-registry",
      "`image` of `web` comes from `quay.io`. Take it from an allowed registry, or allow this one in the rule's `registries` by policy config.",
    ],
  ],
} satisfies BadStack;
