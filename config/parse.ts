/** From raw config values to a checked, complete {@link StackConfig}. */

import type { z } from "zod";
import { checkNames, type Entry, type Report } from "./checks/entries.ts";
import { checkCaBundle, fileCheck, mountCheck, readableCheck } from "./checks/files.ts";
import { checkImages } from "./checks/images.ts";
import { checkKeys, checkTeams } from "./checks/keys.ts";
import {
  checkDeploymentIds,
  checkDerivedModes,
  checkFallbacks,
  checkModels,
  checkSecretVariables,
} from "./checks/models.ts";
import { checkPorts } from "./checks/ports.ts";
import { checkServedModels, checkServerNames } from "./checks/servers.ts";
import { ConfigError } from "./errors.ts";
import { setSecret } from "./namespace.ts";
import { suggestion } from "./nearest.ts";
import { derivedModels, type PlainSections, resolveModel, resolveStack } from "./resolve.ts";
import { keyEntry, teamEntry } from "./schema/keys.ts";
import { modelEntry } from "./schema/models.ts";
import { ollamaServer } from "./schema/ollama.ts";
import { stackConfigSchema } from "./schema/stack.ts";
import { isSecretName, SECRET_NAMES } from "./secrets.ts";
import type { StackConfig } from "./stack-config.ts";
import { parseWithProblems } from "./zod-problems.ts";

/** What the checks ask of the machine. */
export interface ParseContext {
  /** Whether there is a file at this absolute path. */
  fileExists(path: string): boolean;
  /** Whether every user of the machine may read the file at this absolute path. Default: each of them may. */
  isReadableByAll?(path: string): boolean;
  /** The project's folder, where relative paths start. */
  root: string;
}

const { shape } = stackConfigSchema;
const sectionNames = Object.keys(shape);

/**
 * Checks the whole config and fills in its defaults.
 *
 * @param raw section name (such as `proxy`) to plain value
 * @param secrets names of the config values that are set as secrets; their values are never looked at
 * @throws {@link ConfigError} with every problem, each with its place and how to fix it
 */
export function parseStackConfig(
  raw: Record<string, unknown>,
  secrets: ReadonlySet<string>,
  context: ParseContext,
): StackConfig {
  const { config, problems } = checkStackConfig(raw, secrets, context);
  if (config === undefined) throw new ConfigError(problems);
  return config;
}

/** As {@link parseStackConfig}, but returns the problems; `config` is set when there are none. */
export function checkStackConfig(
  raw: Record<string, unknown>,
  secrets: ReadonlySet<string>,
  context: ParseContext,
): { config: StackConfig | undefined; problems: readonly string[] } {
  const problems: string[] = [];
  const note = (problem: string) => problems.push(problem);
  const report: Report = (at, problem) => note(`\`${at}\`: ${problem}`);

  checkSectionNames(raw, secrets, report);
  // What is set as a secret is reported, and checked no further.
  const values = Object.fromEntries(Object.entries(raw).filter(([name]) => !secrets.has(name)));
  const section = <T>(name: keyof typeof shape, schema: z.ZodType<T>) =>
    parseWithProblems(schema, values[name], [name], note);
  const entries = <T>(name: keyof typeof shape, list: z.ZodType<T[] | undefined>, entry: z.ZodType<T>) =>
    parseEntries(name, list, entry, values[name], note);

  const namePrefix = section("namePrefix", shape.namePrefix);
  const portOffset = section("portOffset", shape.portOffset);
  const proxy = section("proxy", shape.proxy);
  const database = section("database", shape.database);
  const servers = entries("ollama", shape.ollama, ollamaServer);
  const models = entries("models", shape.models, modelEntry);
  const teams = entries("teams", shape.teams, teamEntry);
  const keys = entries("keys", shape.keys, keyEntry);
  const routing = section("routing", shape.routing);
  const images = section("images", shape.images);
  const network = section("network", shape.network);
  const agent = section("agent", shape.agent);

  const checkFile = fileCheck(context.root, context.fileExists, report);
  checkServerNames(servers, report);
  const checkReadable = readableCheck(context.root, context.isReadableByAll ?? (() => true), report);
  checkServedModels(servers, [checkFile, mountCheck(context.root, report), checkReadable], report);
  checkPorts({ portOffset, proxy, database }, servers, report);
  const derive = values.models === undefined;
  if (derive) checkDerivedModes(servers, report);
  else checkModels(models, servers, secrets, report);
  checkSecretVariables(models, report);

  const readServers = valuesOf(servers);
  const readModels = derive ? derivedModels(readServers) : valuesOf(models);
  const resolved = readModels.map((entry) => resolveModel(entry, readServers));
  checkDeploymentIds(models, resolved, report);
  const namesComplete = derive
    ? readServers.length === servers.length
    : models.every(({ name }) => name !== undefined);
  const modelNames = namesComplete ? readModels.map(({ name }) => name) : undefined;
  checkTeams(teams, modelNames, report);
  checkKeys(keys, teams, modelNames, secrets, report);
  if (routing !== undefined && namesComplete) {
    const modes = new Map<string, string | undefined>(models.map(({ name }) => [name ?? "", undefined]));
    for (const { name, mode } of resolved) modes.set(name, mode);
    checkFallbacks(routing.fallbacks, modes, report);
  }
  if (images !== undefined) checkImages(images, report);
  if (network !== undefined) checkCaBundle(network, checkFile);
  const { mcpServers } = (values.agent ?? {}) as { mcpServers?: unknown };
  if (Array.isArray(mcpServers)) checkNames(mcpServers.map(placed("agent.mcpServers")), report);

  const sections = { namePrefix, portOffset, proxy, database, routing, images, network, agent };
  if (problems.length > 0 || !isComplete(sections)) return { config: undefined, problems };
  return {
    config: resolveStack(sections, readServers, resolved, valuesOf(teams), valuesOf(keys)),
    problems,
  };
}

type Unread<T> = { [Name in keyof T]: T[Name] | undefined };

/** Whether every section could be read. */
function isComplete(sections: Unread<PlainSections>): sections is PlainSections {
  return Object.values(sections).every((value) => value !== undefined);
}

/** Top-level keys: known ones, secrets as secrets, and everything else as plain values. */
function checkSectionNames(raw: Record<string, unknown>, secrets: ReadonlySet<string>, report: Report): void {
  const known = [...sectionNames, ...SECRET_NAMES];
  for (const key of Object.keys(raw)) {
    if (sectionNames.includes(key)) continue;
    if (isSecretName(key))
      report(key, `is a secret, but is set in plain text; remove it, then ${setSecret(key)}`);
    else report(key, `unknown key; ${suggestion(key, known)}`);
  }
  for (const key of secrets) {
    if (sectionNames.includes(key))
      report(
        key,
        "is set as a secret or contains one; write it in plain text, and its keys as secrets of their own, such as `geminiApiKey`",
      );
    else if (!isSecretName(key))
      report(
        key,
        `unknown secret; ${suggestion(key, SECRET_NAMES)} (the name of a provider's key ends in \`ApiKey\`)`,
      );
  }
}

/** The entries of a list, each read by itself, so that one that cannot be read hides no other. */
function parseEntries<T>(
  section: string,
  list: z.ZodType<T[] | undefined>,
  entry: z.ZodType<T>,
  raw: unknown,
  note: (problem: string) => void,
): Entry<T>[] {
  const place = placed(section);
  if (Array.isArray(raw))
    return raw.map((item, index) => ({
      ...place(item, index),
      value: parseWithProblems(entry, item, [section, index], note),
    }));
  // Its defaults, or why it is no list.
  const values = parseWithProblems(list, raw, [section], note) ?? [];
  return values.map((value, index) => ({ ...place(value, index), value }));
}

/** Gives an entry of a list its place, and its name as far as it can be told. */
function placed(section: string) {
  return (item: unknown, index: number) => {
    const name = (item as { name?: unknown } | null)?.name;
    return { at: `${section}[${index}]`, name: typeof name === "string" ? name : undefined };
  };
}

const valuesOf = <T>(entries: readonly Entry<T>[]): T[] => entries.flatMap(({ value }) => value ?? []);
