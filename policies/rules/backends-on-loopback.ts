import { OLLAMA_VULNERABILITY } from "../../config/versions.ts";
import { exposures } from "../exposure.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { backendOf, TITLES } from "../services.ts";
import { cis, cve } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const backendsOnLoopback: StackRule = {
  name: "backends-on-loopback",
  description: "PostgreSQL and Ollama are published on loopback only.",
  level: "mandatory",
  severity: "critical",
  remediation:
    "Publish it on `127.0.0.1`, or not at all: LiteLLM reaches it over their shared network. Ollama has no authentication.",
  sources: [cis("5.14"), cve(OLLAMA_VULNERABILITY)],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      yield* eachKnown(exposures(container), function* ({ at, on }) {
        const service = backendOf(container, resources);
        if (service === undefined) return;
        const problem = `\`${at}\` of \`${container.name}\` publishes ${TITLES[service]} on ${on}`;
        yield { resource: container, problem };
      });
    });
  },
};
