import { LITELLM_FIXED, LITELLM_VULNERABILITIES } from "../../litellm/versions.ts";
import { isExposed } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { outdatedLitellm } from "../services.ts";
import { cves } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const litellmCurrentVersion: StackRule = {
  name: "litellm-current-version",
  description: "LiteLLM has no known vulnerabilities.",
  level: "advisory",
  severity: "medium",
  remediation: `Run LiteLLM ${LITELLM_FIXED} or later.`,
  sources: cves(LITELLM_VULNERABILITIES),
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const version = outdatedLitellm(container, resources);
      if (version === undefined || isExposed(container)) return;
      const problem = `\`image\` of \`${container.name}\` is LiteLLM ${version}, which anyone who reaches this host's loopback can use without a key`;
      yield { resource: container, problem };
    });
  },
};
