import type { ImageReference } from "../../config/image-reference.ts";
import { referencesOf } from "../images.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const imageRegistry: StackRule = {
  name: "image-registry",
  description: "Every image comes from an allowed registry.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Use an image from an allowed registry, or allow this registry in the policy config (`registries` of this rule).",
  sources: [cis("4.2"), owasp(13)],
  options: {
    registries: {
      type: "array",
      items: { type: "string" },
      default: ["docker.io", "ghcr.io", "llm-stack.local"],
      description:
        "Registries, or the beginning of a path in one, such as `mirror.example:5000/approved`. Images that llm-stack builds are in `llm-stack.local`.",
    },
  },
  *stack(resources, options) {
    const registries = options.registries as readonly string[];
    const isAllowed = ({ registry, repository }: ImageReference) =>
      registries.some((allowed) => `${registry}/${repository}`.startsWith(`${allowed.replace(/\/$/, "")}/`));
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const { certain, claimed } = referencesOf(container, resources);
      const foreign = [...certain, ...(claimed ? [claimed] : [])].find((reference) => !isAllowed(reference));
      if (foreign !== undefined)
        yield {
          resource: container,
          problem: `\`image\` of \`${container.name}\` comes from \`${foreign.registry}\``,
        };
      else if (certain.length === 0)
        yield {
          resource: container,
          problem: `\`image\` of \`${container.name}\` is an id or digest, and no image resource in the stack names its registry`,
        };
    });
  },
};
