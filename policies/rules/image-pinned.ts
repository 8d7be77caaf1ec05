import { imageOf } from "../images.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const imagePinned: StackRule = {
  name: "image-pinned",
  description: "Every image is pinned by its id or digest.",
  level: "advisory",
  severity: "low",
  remediation:
    "Give the container a `RemoteImage`'s `imageId` or `repoDigest`, or add the digest to the reference.",
  sources: [owasp(13), cis("5.28")],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (imageOf(container, resources).pinned) return;
      const { image } = container.props;
      const problem = `\`image\` of \`${container.name}\` is \`${image}\`, which may stand for another image later`;
      yield { resource: container, problem };
    });
  },
};
