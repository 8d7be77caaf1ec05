import {
  BUDGET,
  BUILT_IMAGE,
  CONTAINER,
  KEY,
  MODEL,
  NETWORK,
  REMOTE_IMAGE,
  TEAM,
  VOLUME,
} from "../resource.ts";
import type { StackRule } from "../rule.ts";

/** Types that rules look at, or that are nothing without one of those. */
const KNOWN = [CONTAINER, VOLUME, NETWORK, REMOTE_IMAGE, BUILT_IMAGE, MODEL, KEY, TEAM, BUDGET];

/** Providers whose resources this pack is for. */
const PROVIDERS = /^(docker|docker-build|litellm):/;

export const resourceTypeKnown: StackRule = {
  name: "resource-type-known",
  description: "Every resource of Docker and LiteLLM is of a type that rules look at.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Declare a `docker.Container` in place of a service, or allow the type in the policy config (`types` of this rule) and see to its security yourself.",
  sources: [
    { id: "Pulumi, Docker provider", url: "https://www.pulumi.com/registry/packages/docker/api-docs/" },
  ],
  options: {
    types: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Types of resources that no rule looks at, such as `docker:index/tag:Tag`.",
    },
  },
  *stack(resources, options) {
    const allowed = options.types as readonly string[];
    for (const resource of resources) {
      const { type, name } = resource;
      if (!PROVIDERS.test(type) || KNOWN.includes(type) || allowed.includes(type)) continue;
      yield { resource, problem: `\`${name}\` is a \`${type}\`, which no rule looks at` };
    }
  },
};
