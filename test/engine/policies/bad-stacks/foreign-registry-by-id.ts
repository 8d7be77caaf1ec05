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
      "`image` of `web` comes from `quay.io`. Use an image from an allowed registry, or allow this registry in the policy config (`registries` of this rule).",
    ],
  ],
} satisfies BadStack;
