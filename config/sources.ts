/** Where a stack's config stands, and how its two sources become one. */

import { parseDocument } from "yaml";
import { ConfigError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { checkStackConfig, type ParseContext } from "./parse.ts";
import type { StackConfig } from "./stack-config.ts";

/** The namespace of this project's config keys. */
export const NAMESPACE = "llm-stack";

/** Config values by name, without the namespace. */
export interface Sources {
  /** Plain values. */
  readonly raw: Record<string, unknown>;
  /** Names of the values that are secrets. */
  readonly secrets: ReadonlySet<string>;
  /** What is wrong with the sources themselves. */
  readonly problems: readonly string[];
}

/** The `config:` of a stack file as Pulumi hands it over: values as strings, and which of them are secrets. */
export interface StackFile {
  /** Full key, such as `llm-stack:proxy`, to a string, or to JSON for anything else; empty for a secret. */
  readonly values: Record<string, string>;
  /** Full keys of secrets, and of values that hold one. */
  readonly secretNames: ReadonlySet<string>;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is, or holds, an encrypted one. */
function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isMap(value)) return false;
  return (Object.keys(value).length === 1 && "secure" in value) || Object.values(value).some(holdsSecret);
}

/**
 * Reads a stack file (`Pulumi.<stack>.yaml`).
 *
 * @param name the file's name, for messages
 * @throws {@link ConfigError} when it is not YAML, or its `config` is not a map
 */
export function parseStackFile(text: string, name: string): StackFile {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigError([`\`${name}\`: ${error.message.trim()}`], { cause: error });
  const content: unknown = document.toJS() ?? {};
  const config = isMap(content) ? (content.config ?? {}) : undefined;
  if (!isMap(config))
    throw new ConfigError([
      `\`config\` in \`${name}\`: must be a map with keys such as \`${NAMESPACE}:proxy\``,
    ]);

  const secretNames = new Set(Object.keys(config).filter((key) => holdsSecret(config[key])));
  const values = Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return [key, secretNames.has(key) ? "" : text];
    }),
  );
  return { values, secretNames };
}

/** `llm-stack:proxy` → `proxy`; undefined for another namespace. */
function ownName(key: string): string | undefined {
  return key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
}

/** Pulumi's string of a value, as a value: JSON where it is some, except for names, which stay what they are. */
function decode(name: string, text: string): unknown {
  if (name === "namePrefix") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain word, such as `auto`
  }
}

/**
 * Joins the tracked `Pulumi.<stack>.yaml` and Pulumi's own config, which wins section by section.
 *
 * @param tracked text of the tracked file; undefined: there is none
 * @param pulumiConfig Pulumi's config: full key to string
 * @param secretNames full keys of Pulumi's config that are secrets
 * @param name the tracked file's name, for messages
 */
export function mergeSources(
  tracked: string | undefined,
  pulumiConfig: Readonly<Record<string, string>>,
  secretNames: ReadonlySet<string>,
  name = "Pulumi.<stack>.yaml",
): Sources {
  const file = parseStackFile(tracked ?? "", name);
  const raw: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, text] of Object.entries(file.values)) {
    const own = ownName(key);
    if (own === undefined) problems.push(...namespaceProblems(key, name));
    else if (!file.secretNames.has(key)) raw[own] = decode(own, text);
    else if (!(key in pulumiConfig))
      problems.push(
        `\`${key}\` in \`${name}\`: an encrypted value there is not read, as its key is in another file; remove it, then \`pulumi config set --secret ${key}\``,
      );
  }

  const secrets = new Set<string>();
  for (const [key, text] of Object.entries(pulumiConfig)) {
    const own = ownName(key);
    if (own === undefined) continue;
    delete raw[own];
    if (secretNames.has(key)) secrets.add(own);
    else raw[own] = decode(own, text);
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

/**
 * What is wrong with a secret's value, without showing it: undefined when nothing is. LiteLLM refuses a master key
 * that does not start with `sk-`.
 */
export function secretProblem(name: string, value: string): string | undefined {
  const again = `\`pulumi config set --secret ${NAMESPACE}:${name}\``;
  if (value === "") return `\`${name}\`: is empty; ${again}, or remove it`;
  if (/\s/.test(value)) return `\`${name}\`: holds a space or a line break; ${again}`;
  if (name === "masterKey") return masterKeyProblem(value);
  return undefined;
}

/** What is wrong with a master key, without showing it: undefined when nothing is. */
export function masterKeyProblem(value: string): string | undefined {
  return /^sk-\S{4,}$/.test(value)
    ? undefined
    : `\`masterKey\`: must start with \`sk-\`, with at least four characters after it; \`pulumi config set --secret ${NAMESPACE}:masterKey\`, or remove it to have one generated`;
}
