/** Fills in what a config leaves open: names of models, their deployments, ports, secrets. Pure. */

import type { KeyShape, TeamShape } from "./schema/keys.ts";
import type { ModelShape, ProviderTarget, Target } from "./schema/models.ts";
import type { ServedModel, ServerShape } from "./schema/ollama.ts";
import type { StackConfigShape } from "./schema/stack.ts";
import type { Deployment, ResolvedModel, StackConfig } from "./stack-config.ts";

/** The model's name with Ollama's default tag left out: `tinyllama:latest` and `tinyllama` are one model. */
export function bareName(model: string): string {
  return model.replace(/:latest$/, "");
}

/** Which of `models` the name `model` means on a server. */
export function findServed(models: readonly ServedModel[], model: string): ServedModel | undefined {
  return models.find((served) => bareName(served.name) === bareName(model));
}

/** The secret that a provider target needs: the named one, or `<provider>ApiKey`; `none` for none. */
export function secretOf(target: Pick<ProviderTarget, "provider" | "apiKey">): string {
  return target.apiKey ?? `${target.provider}ApiKey`;
}

/** Port on the host's loopback of the server at `index`, before `portOffset`. */
export function serverPort(server: Pick<ServerShape, "port">, index: number): number {
  return server.port ?? 11431 + index;
}

/** What an entry of `models` has that the config does not list. */
const DERIVED = { verify: false, store: "config" } as const;

/**
 * The names that clients ask for when the config lists none: each server with one model, under the server's name,
 * then each model's name over all servers that serve it.
 */
export function derivedModels(servers: readonly ServerShape[]): ModelShape[] {
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
export function resolveModel(entry: ModelShape, servers: readonly ServerShape[]): ResolvedModel {
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

/** The sections that are not lists of entries. */
export type PlainSections = Omit<StackConfigShape, "ollama" | "models" | "teams" | "keys">;

/** The whole config, from sections in which nothing is wrong. */
export function resolveStack(
  { portOffset, proxy, database, ...sections }: PlainSections,
  servers: readonly ServerShape[],
  models: readonly ResolvedModel[],
  teams: readonly TeamShape[],
  keys: readonly KeyShape[],
): StackConfig {
  const shifted = <T extends { port: number }>(service: T): T => ({
    ...service,
    port: service.port + portOffset,
  });
  const names = models.map(({ name }) => name);
  return {
    ...sections,
    proxy: shifted(proxy),
    database: shifted(database),
    ollama: servers.map((server, index) => shifted({ ...server, port: serverPort(server, index) })),
    models,
    teams: teams.map((team) => ({ ...team, models: team.models ?? names })),
    keys: keys.map(({ models, ...key }) => {
      const allowed = models ?? (key.team === undefined ? names : undefined);
      return { ...key, ...(allowed && { models: allowed }) };
    }),
  };
}
