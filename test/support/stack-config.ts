/** Parses raw config values, as a test writes them. */

import { ConfigError } from "../../config/errors.ts";
import { parseStackConfig } from "../../config/parse.ts";
import type { StackConfig } from "../../config/stack-config.ts";

/** What there is beside the config. */
export interface Surroundings {
  /** Names of the secrets that are set. Default: none. */
  readonly secrets?: readonly string[];
  /** Absolute paths of the files that exist; the project's folder is `/project`. Default: every file does. */
  readonly files?: readonly string[];
  /** Absolute paths of files that not every user may read. Default: none. */
  readonly privateFiles?: readonly string[];
}

/** @throws {ConfigError} */
export function parse(
  raw: Record<string, unknown>,
  { secrets = [], files, privateFiles = [] }: Surroundings = {},
): StackConfig {
  return parseStackConfig(raw, new Set(secrets), {
    root: "/project",
    fileExists: (path) => files?.includes(path) ?? true,
    isReadableByAll: (path) => !privateFiles.includes(path),
  });
}

/** All problems of the config; empty when it parses. */
export function problemsOf(raw: Record<string, unknown>, surroundings?: Surroundings): readonly string[] {
  try {
    parse(raw, surroundings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
