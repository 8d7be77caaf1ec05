import { imageOf } from "../images.ts";
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
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const { reference } = imageOf(container, resources);
      if (reference === undefined) {
        const problem = `\`image\` of \`${container.name}\` is an id or digest, and nothing in the stack names its registry`;
        yield { resource: container, problem };
        return;
      }
      const path = `${reference.registry}/${reference.repository}`;
      if (registries.some((allowed) => path.startsWith(`${allowed.replace(/\/$/, "")}/`))) return;
      yield {
        resource: container,
        problem: `\`image\` of \`${container.name}\` comes from \`${reference.registry}\``,
      };
    });
  },
};
