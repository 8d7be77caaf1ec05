import { compareVersions } from "../../config/compare-versions.ts";
import { OLLAMA_FIXED, OLLAMA_VULNERABILITY } from "../../config/versions.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { serviceOf, versionsOfService } from "../services.ts";
import { cve } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const ollamaCurrentVersion: StackRule = {
  name: "ollama-current-version",
  description: "Ollama has no known vulnerabilities.",
  level: "advisory",
  severity: "medium",
  remediation: `Run Ollama ${OLLAMA_FIXED} or later, with a tag that names the version.`,
  sources: [cve(OLLAMA_VULNERABILITY)],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (serviceOf(container, resources) !== "ollama") return;
      const { certain: version } = versionsOfService("ollama", container, resources);
      const image = `\`image\` of \`${container.name}\``;
      if (version === undefined)
        yield { resource: container, problem: `${image} does not say which version of Ollama it is` };
      else if (compareVersions(version, OLLAMA_FIXED) < 0)
        yield {
          resource: container,
          problem: `${image} is Ollama ${version}, which has ${OLLAMA_VULNERABILITY}`,
        };
    });
  },
};
