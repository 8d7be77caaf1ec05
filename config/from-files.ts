/** Reads a stack's config outside a Pulumi program, without loading Pulumi's SDK (which takes a second). */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isReadableByAll } from "./file-mode.ts";
import { mergeSources, resolveSources } from "./sources.ts";
import type { StackConfig } from "./stack-config.ts";
import { parseStackFile, stackFiles } from "./stack-file.ts";

/** The text of a file; undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * The checked config of `stack` in the project at `root`, from the tracked stack file and Pulumi's own: the same as
 * `stackConfigFromPulumi` returns in the program. Secrets are known by name only.
 *
 * @throws {@link ConfigError} with every problem
 */
export function stackConfigFromFiles(root: string, stack: string): StackConfig {
  const files = stackFiles(stack);
  const own = parseStackFile(readIfPresent(join(root, files.own)) ?? "", files.own);
  const tracked = readIfPresent(join(root, files.tracked));
  const sources = mergeSources(tracked, own.values, own.secretNames, files.tracked);
  return resolveSources(sources, { root, fileExists: existsSync, isReadableByAll });
}
