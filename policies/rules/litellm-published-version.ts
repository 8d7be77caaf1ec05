import { LITELLM_FIXED, LITELLM_VULNERABILITIES } from "../../litellm/versions.ts";
import { isExposed } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { outdatedLitellm } from "../services.ts";
import { cves } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const litellmPublishedVersion: StackRule = {
  name: "litellm-published-version",
  description: "A LiteLLM that other hosts can reach lets nobody in without a key.",
  level: "mandatory",
  severity: "critical",
  remediation: `Run LiteLLM ${LITELLM_FIXED} or later, or publish it on \`127.0.0.1\` only.`,
  sources: cves(LITELLM_VULNERABILITIES),
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const version = outdatedLitellm(container, resources);
      if (version === undefined || !isExposed(container)) return;
      const problem = `\`image\` of \`${container.name}\` is LiteLLM ${version}, which lets in a request with a crafted \`Host\` header without a key (${LITELLM_VULNERABILITIES[0]}), and is published beyond loopback`;
      yield { resource: container, problem };
    });
  },
};
