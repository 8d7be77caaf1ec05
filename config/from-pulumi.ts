/** Reads a stack's config in a Pulumi program. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { textOf } from "./from-files.ts";
import { mergeSources, NAMESPACE, resolveSources, secretProblem } from "./sources.ts";
import type { StackConfig } from "./stack-config.ts";

/** Exported by the SDK at run time (3.248: `runtime/config.js`), but marked internal and so left out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * The checked config of the stack that is being deployed: the tracked `Pulumi.<stack>.yaml`, and Pulumi's own config,
 * which wins section by section. The values of secrets are checked, and not kept.
 *
 * @param root the project's folder
 * @throws {@link ConfigError} with every problem
 */
export function loadStackConfig(root: string): StackConfig {
  const name = `Pulumi.${pulumi.getStack()}.yaml`;
  const values: Record<string, string> = pulumi.runtime.allConfig();
  const secretNames = new Set(Object.keys(values).filter(isConfigSecret));
  const sources = mergeSources(textOf(join(root, name)), values, secretNames, name);
  const secretProblems = [...sources.secrets].flatMap(
    (secret) => secretProblem(secret, values[`${NAMESPACE}:${secret}`] ?? "") ?? [],
  );
  return resolveSources(sources, { root, fileExists: existsSync }, secretProblems);
}
