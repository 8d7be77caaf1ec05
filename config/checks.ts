/**
 * Checks that look at several places of a config at once. Each gets the parts that could be read, and reports every
 * problem with its place and the way out.
 */

import { isAbsolute, join } from "node:path";
import { splitReference } from "./image-reference.ts";
import { listed, suggestion } from "./nearest.ts";
import type {
  KeyShape,
  McpServerShape,
  ModelShape,
  ServedModel,
  ServerShape,
  StackConfigShape,
  TeamShape,
} from "./schema.ts";

/** One entry of a list: its place, its name as far as it can be told, and its value if it could be read. */
export interface Entry<T> {
  readonly at: string;
  readonly name: string | undefined;
  readonly value: T | undefined;
}

export type Report = (at: string, problem: string) => void;

/** Names with which a server's container, host name or volume would collide with another part of the stack. */
const RESERVED = new Map([
  ["litellm", "the proxy's container"],
  ["litellm_db", "the database's container"],
  ["db", "the database's host name"],
  ["litellm_postgres", "the database's volume, `litellm_postgres_data`"],
  ["localhost", "the host name of each container for itself"],
]);

/** The model's name with Ollama's default tag left out: `tinyllama:latest` and `tinyllama` are one model. */
export function bareName(model: string): string {
  return model.replace(/:latest$/, "");
}

/** Which of `models` the name `model` means on a server. */
export function findServed(models: readonly ServedModel[], model: string): ServedModel | undefined {
  return models.find((served) => bareName(served.name) === bareName(model));
}

/** The secret that a provider target needs: the named one, or `<provider>ApiKey`; `none` for none. */
export function secretOf(target: { provider: string; apiKey?: string | undefined }): string {
  return target.apiKey ?? `${target.provider}ApiKey`;
}

/** Port on the host's loopback of the server at `index`, before `portOffset`. */
export function serverPort(server: Pick<ServerShape, "port">, index: number): number {
  return server.port ?? 11431 + index;
}

/** Reports each name that an earlier entry has. `same` maps names that count as equal to one. */
function checkUnique(
  entries: readonly { at: string; name: string | undefined }[],
  report: Report,
  same = (name: string) => name,
): void {
  const first = new Map<string, string>();
  for (const { at, name } of entries) {
    if (name === undefined) continue;
    const earlier = first.get(same(name));
    if (earlier === undefined) first.set(same(name), at);
    else report(at, `the name \`${name}\` is taken by \`${earlier}\`; choose another`);
  }
}

/** Server names: unique, as host names do not know case, and none that another part has. */
export function checkServerNames(servers: readonly Entry<ServerShape>[], report: Report): void {
  checkUnique(
    servers.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
    (name) => name.toLowerCase(),
  );
  for (const { at, name } of servers) {
    const owner = name === undefined ? undefined : RESERVED.get(name.toLowerCase());
    if (owner !== undefined) report(`${at}.name`, `\`${name}\` is ${owner}; choose another`);
  }
}

/** What each server serves: no model twice, and every GGUF file there. */
export function checkServedModels(
  servers: readonly Entry<ServerShape>[],
  fileThere: (path: string) => boolean,
  report: Report,
): void {
  for (const { at, value } of servers) {
    const models = (value?.models ?? []).map((model, index) => ({ at: `${at}.models[${index}]`, model }));
    checkUnique(
      models.map(({ at, model }) => ({ at: `${at}.name`, name: model.name })),
      report,
      bareName,
    );
    for (const { at, model } of models)
      if (model.gguf !== undefined && !fileThere(model.gguf))
        report(
          `${at}.gguf`,
          `there is no file \`${model.gguf}\` (a relative path starts at the project's folder)`,
        );
  }
}

/** Ports on the host: no two things on one, and none beyond 65535. */
export function checkPorts(
  parts: {
    portOffset: number | undefined;
    proxy: { port: number } | undefined;
    database: { port: number } | undefined;
    servers: readonly Entry<ServerShape>[];
  },
  report: Report,
): void {
  const { proxy, database, servers, portOffset = 0 } = parts;
  const wanted = [
    ...(proxy ? [{ at: "proxy.port", port: proxy.port }] : []),
    ...(database ? [{ at: "database.port", port: database.port }] : []),
    ...servers.flatMap(({ at, value }, index) =>
      value === undefined ? [] : [{ at: `${at}.port`, port: serverPort(value, index) }],
    ),
  ].map(({ at, port }) => ({ at, port: port + portOffset }));

  const first = new Map<number, string>();
  for (const { at, port } of wanted) {
    const earlier = first.get(port);
    if (port > 65535)
      report(at, `with \`portOffset\` it is ${port}, beyond the last port 65535; lower one of the two`);
    else if (earlier !== undefined)
      report(at, `port ${port} of the host is taken by \`${earlier}\`; set another`);
    else first.set(port, at);
  }
}

/** The models that clients ask for: names, and targets that exist and fit together. */
export function checkModels(
  models: readonly Entry<ModelShape>[],
  servers: readonly Entry<ServerShape>[],
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  checkUnique(
    models.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
  );
  const byName = new Map(
    servers.flatMap((server) => (server.name === undefined ? [] : [[server.name, server]])),
  );
  for (const { at: entryAt, value: entry } of models) {
    let mode = entry?.mode;
    for (const [index, target] of (entry?.targets ?? []).entries()) {
      const at = `${entryAt}.targets[${index}]`;
      if ("provider" in target) {
        checkKey(at, target, secrets, report);
        continue;
      }
      const server = byName.get(target.server);
      if (server === undefined) {
        const there = byName.size === 0 ? "there is none" : `there are ${listed(byName.keys())}`;
        report(`${at}.server`, `no Ollama server \`${target.server}\`; ${there}`);
        continue;
      }
      if (server.value === undefined) continue;
      const served = findServed(server.value.models, target.model);
      if (served === undefined) {
        const names = listed(server.value.models.map((model) => model.name));
        report(
          `${at}.model`,
          `\`${target.server}\` does not serve \`${target.model}\`; it serves ${names}. Add it to \`${server.at}.models\``,
        );
        continue;
      }
      mode ??= served.mode;
      if (served.mode !== mode)
        report(
          `${at}.model`,
          `\`${served.name}\` is for ${served.mode}, but \`${entry?.name}\` is for ${mode}; one name has one mode`,
        );
    }
  }
}

function checkKey(
  at: string,
  target: { provider: string; apiBase?: string | undefined; apiKey?: string | undefined },
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  const secret = secretOf(target);
  if (secret === "none") {
    if (target.apiBase === undefined)
      report(`${at}.apiKey`, `\`${target.provider}\` needs a key; \`none\` is for a server at \`apiBase\``);
  } else if (!secrets.has(secret)) {
    const keyless =
      target.apiBase === undefined ? "" : ", or `apiKey: none` if the server at `apiBase` needs no key";
    report(at, `its secret is not set: \`pulumi config set --secret llm-stack:${secret}\`${keyless}`);
  }
}

/** When names are derived from what the servers serve: a model has one mode on all of them. */
export function checkDerivedModes(servers: readonly Entry<ServerShape>[], report: Report): void {
  const first = new Map<string, { at: string; mode: string }>();
  for (const { at: serverAt, value } of servers)
    for (const [index, model] of (value?.models ?? []).entries()) {
      const at = `${serverAt}.models[${index}].mode`;
      const earlier = first.get(bareName(model.name));
      if (earlier === undefined) first.set(bareName(model.name), { at, mode: model.mode });
      else if (earlier.mode !== model.mode)
        report(
          at,
          `\`${model.name}\` is for ${model.mode} here, but for ${earlier.mode} at \`${earlier.at}\``,
        );
    }
}

/** Fallbacks: each name once, and to other names that exist and do the same. `modes` is every name's mode. */
export function checkFallbacks(
  fallbacks: StackConfigShape["routing"]["fallbacks"],
  modes: ReadonlyMap<string, string | undefined>,
  report: Report,
): void {
  checkUnique(
    fallbacks.map(({ model }, index) => ({ at: `routing.fallbacks[${index}].model`, name: model })),
    report,
  );
  const known = (at: string, name: string) => {
    if (!modes.has(name)) report(at, `no model \`${name}\`; ${suggestion(name, modes.keys())}`);
  };
  for (const [index, { model, to }] of fallbacks.entries()) {
    const at = `routing.fallbacks[${index}]`;
    known(`${at}.model`, model);
    for (const [position, name] of to.entries()) {
      const toAt = `${at}.to[${position}]`;
      known(toAt, name);
      const [from, other] = [modes.get(model), modes.get(name)];
      if (name === model) report(toAt, "a model cannot stand in for itself; remove it");
      else if (from !== undefined && other !== undefined && from !== other)
        report(toAt, `\`${name}\` is for ${other}, but \`${model}\` is for ${from}`);
    }
  }
}

/** Names of models that exist. `known` is undefined while not every model could be read. */
function checkModelNames(
  at: string,
  wanted: readonly string[] | undefined,
  known: readonly string[] | undefined,
  report: Report,
): void {
  if (known === undefined) return;
  for (const [index, name] of (wanted ?? []).entries())
    if (!known.includes(name))
      report(`${at}.models[${index}]`, `no model \`${name}\`; ${suggestion(name, known)}`);
}

/** Teams: each name once, and models that exist. */
export function checkTeams(
  teams: readonly Entry<TeamShape>[],
  models: readonly string[] | undefined,
  report: Report,
): void {
  checkUnique(
    teams.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
  );
  for (const { at, value } of teams) checkModelNames(at, value?.models, models, report);
}

/** Keys: each name once, models and a team that exist, and a value that is set as a secret. */
export function checkKeyEntries(
  keys: readonly Entry<KeyShape>[],
  teams: readonly Entry<TeamShape>[],
  models: readonly string[] | undefined,
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  checkUnique(
    keys.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
  );
  const teamNames = teams.flatMap(({ name }) => name ?? []);
  for (const { at, value } of keys) {
    if (value === undefined) continue;
    const team = teams.find(({ name }) => name === value.team)?.value;
    if (value.team !== undefined && !teamNames.includes(value.team))
      report(`${at}.team`, `no team \`${value.team}\`; ${suggestion(value.team, teamNames)}`);
    checkModelNames(at, value.models, models, report);
    for (const [index, name] of (value.models ?? []).entries())
      if (team?.models !== undefined && !team.models.includes(name))
        report(`${at}.models[${index}]`, `its team \`${value.team}\` may not use \`${name}\``);
    if (value.value !== undefined && !secrets.has(value.value))
      report(`${at}.value`, `is not set: \`pulumi config set --secret llm-stack:${value.value}\``);
  }
}

/** Images: settings that contradict each other, and PostgreSQL of another major version. */
export function checkImages(images: StackConfigShape["images"], report: Report): void {
  if (images.registry !== undefined && images.source === "build")
    report("images.registry", "nothing is pulled with `images.source: build`; remove one of the two");
  for (const service of ["litellm", "postgres", "ollama"] as const) {
    const { image } = images[service];
    if (image === undefined) continue;
    const at = `images.${service}.image`;
    // On the mirror itself, an image that is pinned there says nothing else.
    if (images.registry !== undefined && !image.startsWith(`${images.registry}/`))
      report(
        at,
        "is used as it is, so that `images.registry` does not apply; write the mirror into it and remove the other",
      );
    if (images.source === "build")
      report(at, "nothing is pulled with `images.source: build`; remove one of the two");
  }

  const { image } = images.postgres;
  const tag = image === undefined ? undefined : /^\d+/.exec(splitReference(image).tag ?? "")?.[0];
  for (const [key, major] of [
    ["version", images.postgres.version?.split(".")[0]],
    ["image", tag],
  ] as const)
    if (major !== undefined && major !== "16")
      report(
        `images.postgres.${key}`,
        `PostgreSQL ${major} cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release`,
      );
}

/** MCP servers: each name once, as it is the prefix of its tools. */
export function checkMcpServers(servers: readonly Entry<McpServerShape>[], report: Report): void {
  checkUnique(
    servers.map(({ at, name }) => ({ at: `${at}.name`, name })),
    report,
  );
}

/** The CA bundle is there. */
export function checkCaBundle(
  network: StackConfigShape["network"],
  fileThere: (path: string) => boolean,
  report: Report,
): void {
  if (network.caBundle !== undefined && !fileThere(network.caBundle))
    report(
      "network.caBundle",
      `there is no file \`${network.caBundle}\` (a relative path starts at the project's folder)`,
    );
}

/** Tells of a path of the config whether the file is there. */
export function fileCheck(root: string, exists: (path: string) => boolean): (path: string) => boolean {
  return (path) => exists(isAbsolute(path) ? path : join(root, path));
}
