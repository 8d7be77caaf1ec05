import { compareVersions } from "../images.ts";
import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { OLLAMA_SAFE, serviceOf, versionOfService } from "../services.ts";
import { cve } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const ollamaCurrentVersion: StackRule = {
  name: "ollama-current-version",
  description: "Ollama has no known holes.",
  level: "advisory",
  severity: "medium",
  remediation: `Run Ollama ${OLLAMA_SAFE} or later, by a tag that names the version.`,
  sources: [cve("CVE-2026-7482")],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (serviceOf(container, resources) !== "ollama") return;
      const version = versionOfService("ollama", container, resources);
      const image = `\`image\` of \`${container.name}\``;
      if (version === undefined)
        yield { resource: container, problem: `${image} does not tell which version of Ollama it is` };
      else if (compareVersions(version, OLLAMA_SAFE) < 0)
        yield { resource: container, problem: `${image} is Ollama ${version}, which has CVE-2026-7482` };
    });
  },
};
