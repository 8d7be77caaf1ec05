/** From raw config values to a checked, complete {@link StackConfig}. */

import type { z } from "zod";
import {
  bareName,
  checkCaBundle,
  checkDerivedModes,
  checkFallbacks,
  checkImages,
  checkKeyEntries,
  checkMcpServers,
  checkModels,
  checkPorts,
  checkServedModels,
  checkServerNames,
  checkTeams,
  type Entry,
  fileCheck,
  findServed,
  type Report,
  secretOf,
  serverPort,
} from "./checks.ts";
import { ConfigError } from "./errors.ts";
import { suggestion } from "./nearest.ts";
import {
  isSecretName,
  keyEntry,
  type ModelShape,
  mcpServer,
  modelEntry,
  ollamaServer,
  SECRET_NAMES,
  type ServerShape,
  stackConfigSchema,
  type Target,
  teamEntry,
} from "./schema.ts";
import type { Deployment, ResolvedModel, StackConfig } from "./stack-config.ts";
import { read } from "./zod-problems.ts";

/** What the checks ask of the machine. */
export interface ParseContext {
  /** Whether there is a file at this absolute path. */
  fileExists(path: string): boolean;
  /** The project's folder, where relative paths start. */
  root: string;
}

const sections = stackConfigSchema.shape;
const sectionNames = Object.keys(sections);

/**
 * Checks the whole config and fills in its defaults.
 *
 * @param raw section name (such as `proxy`) to plain value
 * @param secrets names of the config values that are set as secrets; their values are never looked at
 * @throws {@link ConfigError} with every problem, each with its place and the way out
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

  checkKeys(raw, secrets, report);
  const section = <T>(name: keyof typeof sections, schema: z.ZodType<T>) =>
    read(schema, secrets.has(name) ? undefined : raw[name], [name], note);

  section("namePrefix", sections.namePrefix);
  const portOffset = section("portOffset", sections.portOffset);
  const proxy = section("proxy", sections.proxy);
  const database = section("database", sections.database);
  const servers = entries<ServerShape>(
    "ollama",
    section("ollama", sections.ollama),
    raw.ollama,
    ollamaServer,
  );
  const models = entries<ModelShape>("models", section("models", sections.models), raw.models, modelEntry);
  const teams = entries("teams", section("teams", sections.teams), raw.teams, teamEntry);
  const keys = entries("keys", section("keys", sections.keys), raw.keys, keyEntry);
  const routing = section("routing", sections.routing);
  const images = section("images", sections.images);
  const network = section("network", sections.network);
  const agent = section("agent", sections.agent);
  const rawServers = (raw.agent as { mcpServers?: unknown } | null | undefined)?.mcpServers;
  const mcpServers = entries("agent.mcpServers", agent?.mcpServers, rawServers, mcpServer);

  const fileThere = fileCheck(context.root, context.fileExists);
  checkServerNames(servers, report);
  checkServedModels(servers, fileThere, report);
  checkPorts({ portOffset, proxy, database, servers }, report);
  const derive = raw.models === undefined || secrets.has("models");
  if (derive) checkDerivedModes(servers, report);
  else checkModels(models, servers, secrets, report);

  const readServers = servers.flatMap(({ value }) => value ?? []);
  const readModels = derive ? derivedModels(readServers) : models.flatMap(({ value }) => value ?? []);
  const resolved = readModels.map((entry) => resolveModel(entry, readServers));
  const namesComplete = derive
    ? readServers.length === servers.length
    : models.every(({ name }) => name !== undefined);
  const modelNames = namesComplete ? readModels.map(({ name }) => name) : undefined;
  checkTeams(teams, modelNames, report);
  checkKeyEntries(keys, teams, modelNames, secrets, report);
  if (routing !== undefined && namesComplete) {
    const modes = new Map<string, string | undefined>(models.map(({ name }) => [name ?? "", undefined]));
    for (const { name, mode } of resolved) modes.set(name, mode);
    checkFallbacks(routing.fallbacks, modes, report);
  }
  if (images !== undefined) checkImages(images, report);
  if (network !== undefined) checkCaBundle(network, fileThere, report);
  checkMcpServers(mcpServers, report);

  if (problems.length > 0) return { config: undefined, problems };
  const { portOffset: offset, ...shape } = stackConfigSchema.parse(raw);
  const shifted = <T extends { port: number }>(part: T): T => ({ ...part, port: part.port + offset });
  return {
    problems,
    config: {
      ...shape,
      proxy: shifted(shape.proxy),
      database: shifted(shape.database),
      ollama: readServers.map((server, index) => shifted({ ...server, port: serverPort(server, index) })),
      models: resolved,
      teams: shape.teams.map((team) => ({ ...team, models: team.models ?? names(resolved) })),
      keys: shape.keys.map(({ models, ...key }) => {
        const allowed = models ?? (key.team === undefined ? names(resolved) : undefined);
        return { ...key, ...(allowed && { models: allowed }) };
      }),
    },
  };
}

const names = (models: readonly ResolvedModel[]) => models.map(({ name }) => name);

/** Top-level keys: known ones, secrets as secrets, and everything else as plain values. */
function checkKeys(raw: Record<string, unknown>, secrets: ReadonlySet<string>, report: Report): void {
  const known = [...sectionNames, ...SECRET_NAMES];
  for (const key of Object.keys(raw)) {
    if (sectionNames.includes(key)) continue;
    if (isSecretName(key))
      report(
        key,
        `is a secret, but stands in plain text; remove it, then \`pulumi config set --secret llm-stack:${key}\``,
      );
    else report(key, `unknown key; ${suggestion(key, known)}`);
  }
  for (const key of secrets) {
    if (sectionNames.includes(key))
      report(
        key,
        "is set as a secret or holds one; write it in plain text, and its keys as secrets of their own, such as `geminiApiKey`",
      );
    else if (!isSecretName(key))
      report(
        key,
        `unknown secret; ${suggestion(key, SECRET_NAMES)} (the name of a provider's key ends in \`ApiKey\`)`,
      );
  }
}

/** The entries of a list: all of them when it could be read, else those that can be read one by one. */
function entries<T>(
  section: string,
  list: readonly T[] | undefined,
  raw: unknown,
  schema: z.ZodType<T>,
): Entry<T>[] {
  const items: readonly unknown[] = list ?? (Array.isArray(raw) ? raw : []);
  return items.map((item, index) => {
    const name = (item as { name?: unknown } | null)?.name;
    return {
      at: `${section}[${index}]`,
      name: typeof name === "string" ? name : undefined,
      value: list?.[index] ?? schema.safeParse(item).data,
    };
  });
}

/** What an entry that nobody wrote has. */
const DERIVED = { verify: false, store: "config" } as const;

/**
 * The names that clients ask for when the config lists none: each server with one model, under the server's name,
 * then each model's name over all servers that serve it.
 */
function derivedModels(servers: readonly ServerShape[]): ModelShape[] {
  const targets = new Map<string, Target[]>();
  for (const server of servers)
    for (const model of server.models) {
      const name = bareName(model.name);
      targets.set(name, [...(targets.get(name) ?? []), { server: server.name, model: model.name }]);
    }
  const single = servers.flatMap(({ name, models: [model, another] }) =>
    model === undefined || another !== undefined || targets.has(name)
      ? []
      : [{ name, targets: [{ server: name, model: model.name }], ...DERIVED }],
  );
  return [...single, ...[...targets].map(([name, list]) => ({ name, targets: list, ...DERIVED }))];
}

/** Adds what an entry leaves open. Targets on servers that could not be read are left out. */
function resolveModel(entry: ModelShape, servers: readonly ServerShape[]): ResolvedModel {
  const ids = new Set<string>();
  let mode = entry.mode;
  const deployments = entry.targets.flatMap((target): Deployment[] => {
    if ("provider" in target) {
      const { apiKey: _, ...rest } = target;
      const id = freeId(ids, entry.name, target.provider);
      return [
        { ...rest, kind: "provider", id, secret: secretOf(target), tools: entry.tools, price: entry.price },
      ];
    }
    const server = servers.find(({ name }) => name === target.server);
    const served = server && findServed(server.models, target.model);
    if (served === undefined) return [];
    mode ??= served.mode;
    const id = freeId(ids, entry.name, target.server);
    return [
      {
        kind: "server",
        id,
        server: target.server,
        model: served.name,
        tools: entry.tools ?? served.tools,
        price: entry.price ?? served.price,
      },
    ];
  });
  return { name: entry.name, mode: mode ?? "chat", verify: entry.verify, store: entry.store, deployments };
}

/** `<name>@<place>`, with `-2`, `-3` … where that is taken. */
function freeId(taken: Set<string>, name: string, place: string): string {
  const wanted = `${name}@${place}`;
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.add(id);
  return id;
}
