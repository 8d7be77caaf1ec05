/** Reads a stack's config outside a Pulumi program, without loading Pulumi's SDK (which takes a second). */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mergeSources, parseStackFile, resolveSources } from "./sources.ts";
import type { StackConfig } from "./stack-config.ts";

/** The text of a file; undefined when there is none. */
export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * The checked config of `stack` in the project at `root`, from the tracked `Pulumi.<stack>.yaml` and Pulumi's own in
 * `.llm-stack/`: the same as `loadStackConfig` returns in the program. Secrets are known by name only.
 *
 * @throws {@link ConfigError} with every problem
 */
export function readStackConfig(root: string, stack: string): StackConfig {
  const name = `Pulumi.${stack}.yaml`;
  const own = parseStackFile(textOf(join(root, ".llm-stack", name)) ?? "", `.llm-stack/${name}`);
  const sources = mergeSources(textOf(join(root, name)), own.values, own.secretNames, name);
  return resolveSources(sources, { root, fileExists: existsSync });
}
