/** Where the stack's models come from: the Ollama registry, or a model that stands in. */

import { type Prepared, usesStandIn } from "../config/prepared.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { reachable } from "./download.ts";
import type { LoadFromSource } from "./from-source.ts";
import type { Report } from "./programs.ts";

/** Whether models can be pulled from the Ollama registry, as seen from this machine. */
function ollamaRegistryReachable(): Promise<boolean> {
  return reachable("https://registry.ollama.ai/v2/");
}

/**
 * What stands in for `tinyllama` when the Ollama registry cannot be reached. The registry's first answer counts for
 * good, so that a model does not change when the network comes and goes.
 *
 * @param previous what was found last time for this stack
 * @throws {UserError} when the stand-in is unavailable too
 */
export async function prepareModels(
  config: StackConfig,
  previous: Prepared | undefined,
  fromSource: LoadFromSource,
  report: Report,
): Promise<Pick<Prepared, "ollamaRegistry" | "standIn">> {
  const wanted = config.ollama.some((server) =>
    server.models.some((model) => usesStandIn(model, { for: "tinyllama" })),
  );
  const known = previous?.ollamaRegistry;
  if (!wanted) return known === undefined ? {} : { ollamaRegistry: known };
  const ollamaRegistry = known ?? ((await ollamaRegistryReachable()) ? "answers" : "cannot be reached");
  return ollamaRegistry === "answers"
    ? { ollamaRegistry }
    : { ollamaRegistry, standIn: await (await fromSource()).standInModel(report) };
}
