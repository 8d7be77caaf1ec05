import { isExposed } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { LITELLM_HOLES, outdatedLitellm } from "../services.ts";
import { eachKnown } from "../unknown.ts";

export const litellmPublishedVersion: StackRule = {
  name: "litellm-published-version",
  description: "A LiteLLM that other hosts reach lets nobody in without a key.",
  level: "mandatory",
  severity: "critical",
  remediation: "Run LiteLLM 1.84.0 or later, or publish it on `127.0.0.1` only.",
  sources: LITELLM_HOLES,
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      const version = outdatedLitellm(container, resources);
      if (version === undefined || !isExposed(container)) return;
      const problem = `\`image\` of \`${container.name}\` is LiteLLM ${version}, which a crafted \`Host\` header enters without a key (CVE-2026-49468), and is published beyond loopback`;
      yield { resource: container, problem };
    });
  },
};
