/** How the two sources of a stack's config become one: the tracked file, and Pulumi's own config. */

import { ConfigError } from "./errors.ts";
import { NAMESPACE, setSecret } from "./namespace.ts";
import { nearest } from "./nearest.ts";
import { checkStackConfig, type ParseContext } from "./parse.ts";
import type { StackConfig } from "./stack-config.ts";
import { parseStackFile } from "./stack-file.ts";

/** Config values by name, without the namespace. */
export interface Sources {
  /** Plain values. */
  readonly raw: Record<string, unknown>;
  /** Names of the values that are secrets. */
  readonly secrets: ReadonlySet<string>;
  /** What is wrong with the sources themselves. */
  readonly problems: readonly string[];
}

/** `llm-stack:proxy` → `proxy`; undefined for another namespace. */
function ownName(key: string): string | undefined {
  return key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
}

/**
 * A value as it is meant: Pulumi makes text of everything (`pulumi config set`, and what it hands to a program), so
 * JSON is read where the text is some. A name stays what it is.
 */
function decode(name: string, value: unknown): unknown {
  if (name === "namePrefix") return typeof value === "number" ? String(value) : value;
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // a plain word, such as `auto`
  }
}

/**
 * Joins the tracked `Pulumi.<stack>.yaml` and Pulumi's own config, which wins section by section.
 *
 * @param tracked text of the tracked file; undefined: there is none
 * @param pulumiConfig Pulumi's config: full key to value, or to Pulumi's text of it
 * @param secretNames full keys of Pulumi's config that are secrets
 * @param name the tracked file's name, for messages
 */
export function mergeSources(
  tracked: string | undefined,
  pulumiConfig: Readonly<Record<string, unknown>>,
  secretNames: ReadonlySet<string>,
  name = "Pulumi.<stack>.yaml",
): Sources {
  const file = parseStackFile(tracked ?? "", name);
  const raw: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, value] of Object.entries(file.values)) {
    const own = ownName(key);
    if (own === undefined) problems.push(...namespaceProblems(key, name));
    else if (!file.secretNames.has(key)) raw[own] = decode(own, value);
    else if (!(key in pulumiConfig))
      problems.push(
        `\`${key}\` in \`${name}\`: an encrypted value there cannot be read, as its key is in another file; remove it, then ${setSecret(own)}`,
      );
  }

  const secrets = new Set<string>();
  for (const [key, value] of Object.entries(pulumiConfig)) {
    const own = ownName(key);
    if (own === undefined) continue;
    delete raw[own];
    if (secretNames.has(key)) secrets.add(own);
    else raw[own] = decode(own, value);
  }
  return { raw, secrets, problems };
}

/** A key of another namespace belongs to someone else, unless it was meant for this one. */
function namespaceProblems(key: string, name: string): string[] {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0)
    return [`\`${key}\` in \`${name}\`: a key needs its namespace; write \`${NAMESPACE}:${key}\``];
  if (nearest(namespace, [NAMESPACE]) === undefined) return [];
  return [`\`${key}\` in \`${name}\`: unknown namespace; did you mean \`${NAMESPACE}:${rest.join(":")}\`?`];
}

/**
 * The checked config of the joined sources.
 *
 * @param further problems to report with the rest, such as those of secrets' values
 * @throws {@link ConfigError} with the sources' own problems and all others
 */
export function resolveSources(
  sources: Sources,
  context: ParseContext,
  further: readonly string[] = [],
): StackConfig {
  const { config, problems } = checkStackConfig(sources.raw, sources.secrets, context);
  const all = [...sources.problems, ...problems, ...further];
  if (config === undefined || all.length > 0) throw new ConfigError(all);
  return config;
}
