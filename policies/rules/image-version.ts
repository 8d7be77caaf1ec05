import type { ImageReference } from "../../config/image-reference.ts";
import { imageOf, versionOf } from "../images.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { cis } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const imageVersion: StackRule = {
  name: "image-version",
  description: "Every image has a tag that names a version.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Use a tag with a version, such as `nginx:1.27.3`; for an id or digest, take it from a `RemoteImage` whose name has one.",
  sources: [cis("5.28")],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const problem = problemOf(imageOf(container, resources).reference);
      if (problem !== undefined)
        yield { resource: container, problem: `\`image\` of \`${container.name}\` ${problem}` };
    });
  },
};

function problemOf(reference: ImageReference | undefined): string | undefined {
  if (reference === undefined || (reference.tag === undefined && reference.digest !== undefined))
    return "is an id or digest, and no image resource in the stack names its tag";
  if (reference.tag === undefined) return "has no tag, which means `latest`";
  return versionOf(reference.tag) === undefined
    ? `has the tag \`${reference.tag}\`, which names no version`
    : undefined;
}
