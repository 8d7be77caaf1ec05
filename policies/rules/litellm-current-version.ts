import { isExposed } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { LITELLM_HOLES, outdatedLitellm } from "../services.ts";
import { eachKnown } from "../unknown.ts";

export const litellmCurrentVersion: StackRule = {
  name: "litellm-current-version",
  description: "LiteLLM has no known holes.",
  level: "advisory",
  severity: "medium",
  remediation: "Run LiteLLM 1.84.0 or later.",
  sources: LITELLM_HOLES,
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const version = outdatedLitellm(container, resources);
      if (version === undefined || isExposed(container)) return;
      const problem = `\`image\` of \`${container.name}\` is LiteLLM ${version}, which whoever reaches this host's loopback enters without a key`;
      yield { resource: container, problem };
    });
  },
};
