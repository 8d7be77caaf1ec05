import { imageOf } from "../images.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const imagePinned: StackRule = {
  name: "image-pinned",
  description: "Every image is named by its id or digest.",
  level: "advisory",
  severity: "low",
  remediation:
    "Give the container a `RemoteImage`'s `imageId` or `repoDigest`, or add the digest to the name.",
  sources: [owasp(13), cis("5.28")],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (imageOf(container, resources).pinned) return;
      const { image } = container.props;
      const problem = `\`image\` of \`${container.name}\` is \`${image}\`, a name that may come to stand for another image`;
      yield { resource: container, problem };
    });
  },
};
