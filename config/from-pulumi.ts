/** Reads a stack's config in a Pulumi program. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isReadableByAll } from "./file-mode.ts";
import { readIfPresent } from "./from-files.ts";
import { NAMESPACE } from "./namespace.ts";
import { secretProblem } from "./secrets.ts";
import { mergeSources, resolveSources } from "./sources.ts";
import type { StackConfig } from "./stack-config.ts";
import { stackFiles } from "./stack-file.ts";

/** Exported by the SDK at run time (3.248: `runtime/config.js`), but marked internal and so left out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * The checked config of the stack that is being deployed: the tracked stack file, and Pulumi's own config, which wins
 * section by section. The values of secrets are checked, and not kept.
 *
 * @param root the project's folder
 * @throws {@link ConfigError} with every problem
 */
export function stackConfigFromPulumi(root: string): StackConfig {
  const { tracked } = stackFiles(pulumi.getStack());
  const values: Record<string, string> = pulumi.runtime.allConfig();
  const secretNames = new Set(Object.keys(values).filter(isConfigSecret));
  const sources = mergeSources(readIfPresent(join(root, tracked)), values, secretNames, tracked);
  const secretProblems = [...sources.secrets].flatMap(
    (secret) => secretProblem(secret, values[`${NAMESPACE}:${secret}`] ?? "") ?? [],
  );
  return resolveSources(sources, { root, fileExists: existsSync, isReadableByAll }, secretProblems);
}
