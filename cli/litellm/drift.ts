/**
 * What LiteLLM holds besides what is declared: settings in its database, which win over its config file, and models,
 * keys and teams that a hand made in the web UI or through the API.
 */

import pg from "pg";
import { parse } from "yaml";
import { DATABASE } from "../../config/names.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { LiteLlmApi, LiteLlmError, Unreachable } from "../../litellm/client.ts";
import { renderProxyConfig } from "../../litellm/config-file.ts";
import { same } from "../../provider/values.ts";
import { declaredContainers } from "../docker/containers.ts";
import { table } from "../output/table.ts";
import type { Outputs, StateResource } from "../pulumi/pulumi.ts";

/** Declared settings of one section that are not what counts. */
export interface Overridden {
  /** Of LiteLLM's config, such as `router_settings`. */
  readonly section: string;
  readonly settings: readonly { readonly name: string; readonly declared: unknown; readonly live: unknown }[];
  /** Where the value that counts is: in LiteLLM's database, or only in the running proxy. */
  readonly held: "database" | "proxy";
  readonly todo: string;
}

/** Something that nobody declared. */
export interface Unmanaged {
  readonly kind: "model" | "key" | "team" | "setting";
  readonly name: string;
  /** LiteLLM's id; of a setting its section. */
  readonly id: string;
  readonly todo: string;
}

/** Something that could not be looked at. */
export interface Unchecked {
  readonly what: string;
  readonly reason: string;
  readonly todo: string;
}

export interface LiteLlmDrift {
  readonly overridden: readonly Overridden[];
  readonly unmanaged: readonly Unmanaged[];
  readonly unchecked: readonly Unchecked[];
}

/** Settings by section and name. */
type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The API of the deployed proxy. */
export const proxyApi = ({ proxyUrl, masterKey }: Outputs) =>
  new LiteLlmApi({ endpoint: proxyUrl, masterKey }, new AbortController().signal);

/** Looks at LiteLLM and at its database, without changing anything. What does not answer is told. */
export async function findLiteLlmDrift(
  config: StackConfig,
  outputs: Outputs,
  resources: readonly StateResource[],
): Promise<LiteLlmDrift> {
  const api = proxyApi(outputs);
  const unchecked: Unchecked[] = [];
  const [held, stored] = await Promise.all([
    objectsAndSettings(api).catch((error: unknown) => {
      if (!(error instanceof Unreachable || error instanceof LiteLlmError)) throw error;
      unchecked.push({
        what: "models, keys and teams made by hand",
        reason: error.message,
        todo: "`npm run logs -- proxy` tells why; `npm run up` puts the proxy back",
      });
      return undefined;
    }),
    storedSettings(outputs.databaseUrl).catch((error: Error) => {
      unchecked.push({
        what: "settings in LiteLLM's database",
        reason: `the database does not answer (${error.message})`,
        todo: "`npm run logs -- db` tells why; `npm run up` puts the database back",
      });
      return undefined;
    }),
  ]);
  const declared: Sections = parse(renderProxyConfig(config));
  const names = declaredContainers(config);
  const database = names.find(({ service }) => service === "postgres")?.name ?? "";
  return {
    overridden: [
      ...overriddenByDatabase(declared, stored ?? {}, database),
      ...overriddenByProxy(declared, stored, held?.routerSettings),
    ],
    unmanaged: [
      ...(held ? unmanagedObjects(held, resources) : []),
      ...unmanagedSettings(declared, stored ?? {}),
    ],
    unchecked,
  };
}

/** Sections of LiteLLM's config that its database may hold too. */
const SECTIONS = ["router_settings", "litellm_settings", "general_settings"];

/** Declared settings that LiteLLM's database holds otherwise. */
export function overriddenByDatabase(declared: Sections, stored: Sections, container: string): Overridden[] {
  return SECTIONS.flatMap((section) => {
    const settings = Object.entries(stored[section] ?? {}).flatMap(([name, live]) => {
      const wanted = declared[section]?.[name];
      if (wanted === undefined || sameSetting(wanted, live)) return [];
      // Of the other sections, LiteLLM takes only what is not empty (1.73.0: proxy_server.py, _update_config_fields).
      if (section !== "router_settings" && isEmpty(live)) return [];
      return [{ name, declared: wanted, live }];
    });
    if (settings.length === 0) return [];
    const names = settings.map(({ name }) => `$$${name}$$`).join(", ");
    const statement = `update "LiteLLM_Config" set param_value = param_value - array[${names}] where param_name = $$${section}$$`;
    const takeOut = `docker exec ${container} psql -U ${DATABASE.role} -d ${DATABASE.database} -c '${statement}'`;
    const todo = `declare it in the config to keep it; else take it out of the database by \`${takeOut}\`, then \`npm run up -- --recreate litellm\``;
    return [{ section, settings, held: "database" as const, todo }];
  });
}

/** Declared router settings that the running proxy has otherwise, although its database does not hold them. */
export function overriddenByProxy(
  declared: Sections,
  stored: Sections | undefined,
  running: Readonly<Record<string, unknown>> | undefined,
): Overridden[] {
  const section = "router_settings";
  if (stored === undefined || running === undefined) return [];
  const settings = Object.entries(declared[section] ?? {}).flatMap(([name, wanted]) => {
    const live = running[name];
    const known = name in (stored[section] ?? {}) || !(name in running);
    return known || sameSetting(wanted, live) ? [] : [{ name, declared: wanted, live }];
  });
  const todo = "`npm run up -- --recreate litellm` makes the proxy read its config again";
  return settings.length === 0 ? [] : [{ section, settings, held: "proxy", todo }];
}

/** Settings in LiteLLM's database that the config file does not have. Their values may be secret, and are not told. */
export function unmanagedSettings(declared: Sections, stored: Sections): Unmanaged[] {
  return [...SECTIONS, "environment_variables"].flatMap((section) =>
    Object.entries(stored[section] ?? {})
      .filter(([name, value]) => declared[section]?.[name] === undefined && !isEmpty(value))
      .map(([name]) => ({
        kind: "setting" as const,
        name,
        id: section,
        todo: "left alone; the web UI made it and takes it away",
      })),
  );
}

/** Python's `False`, and so LiteLLM's "not set". */
function isEmpty(value: unknown): boolean {
  return !value || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Numbers may come as texts, and nothing as `null` or an empty list. */
function sameSetting(a: unknown, b: unknown): boolean {
  if (typeof a === "object" || typeof b === "object") return (isEmpty(a) && isEmpty(b)) || same(a, b);
  return String(a) === String(b);
}

/** What LiteLLM tells of the objects in its database. */
export interface LiveObjects {
  readonly models: readonly {
    readonly model_name: string;
    readonly litellm_params: { readonly model?: string };
    readonly model_info: { readonly id: string; readonly db_model?: boolean };
  }[];
  readonly keys: readonly LiveKey[];
  readonly teams: readonly { readonly team_id: string; readonly team_alias?: string | null }[];
}

export interface LiveKey {
  readonly token: string;
  readonly key_alias?: string | null;
  /** LiteLLM's masked name, such as `sk-...aB_9`. */
  readonly key_name?: string | null;
  readonly team_id?: string | null;
}

/** The team of LiteLLM's own keys, one for each session in the web UI. */
export const UI_TEAM = "litellm-dashboard";

/** Models, keys and teams in LiteLLM's database that are not in the stack's state. */
export function unmanagedObjects(live: LiveObjects, resources: readonly StateResource[]): Unmanaged[] {
  const declared = new Set(
    resources.filter(({ type }) => type.startsWith("litellm:index:")).map(({ id }) => id),
  );
  const todo = "left alone; to have it declared, add it to the config and delete this one in the web UI";
  const models = live.models
    .filter(({ model_info }) => model_info.db_model === true)
    .map(({ model_name, litellm_params, model_info }) => ({
      kind: "model" as const,
      name: litellm_params.model === undefined ? model_name : `${model_name} (${litellm_params.model})`,
      id: model_info.id,
      todo,
    }));
  const keys = live.keys
    .filter(({ team_id }) => team_id !== UI_TEAM)
    .map(({ token, key_alias, key_name }) => ({
      kind: "key" as const,
      name: key_alias || key_name || token,
      id: token,
      todo,
    }));
  const teams = live.teams
    .filter(({ team_id }) => team_id !== UI_TEAM)
    .map(({ team_id, team_alias }) => ({
      kind: "team" as const,
      name: team_alias || team_id,
      id: team_id,
      todo,
    }));
  return [...models, ...keys, ...teams].filter(({ id }) => !declared.has(id));
}

async function objectsAndSettings(
  api: LiteLlmApi,
): Promise<LiveObjects & { routerSettings: Readonly<Record<string, unknown>> }> {
  const [models, keys, teams, settings] = await Promise.all([
    api.get("/model/info") as Promise<{ data: LiveObjects["models"] }>,
    liveKeys(api),
    api.get("/team/list") as Promise<LiveObjects["teams"]>,
    api.get("/get/config/callbacks") as Promise<{ router_settings: Record<string, unknown> }>,
  ]);
  return { models: models.data, keys, teams, routerSettings: settings.router_settings };
}

/** Every virtual key. */
export async function liveKeys(api: Pick<LiteLlmApi, "get">): Promise<LiveKey[]> {
  const keys: LiveKey[] = [];
  for (let page = 1; ; page++) {
    const query = { return_full_object: "true", size: "100", page: String(page) };
    const found = (await api.get("/key/list", query)) as { keys: LiveKey[]; total_pages: number };
    keys.push(...found.keys);
    if (page >= found.total_pages) return keys;
  }
}

/** The table where LiteLLM keeps what the web UI changes of its config. No call of its API tells all of it. */
async function storedSettings(databaseUrl: string): Promise<Sections> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined); // The query fails too, and that is told.
  await client.connect();
  try {
    const { rows } = await client.query<{ param_name: string; param_value: unknown }>(
      'select param_name, param_value from "LiteLLM_Config"',
    );
    return Object.fromEntries(
      rows.flatMap(({ param_name, param_value }) =>
        typeof param_value === "object" && param_value !== null ? [[param_name, param_value]] : [],
      ),
    ) as Sections;
  } finally {
    await client.end();
  }
}

/** Lines for people; none when there is nothing. */
export function renderLiteLlmDrift({ overridden, unmanaged, unchecked }: LiteLlmDrift): string[] {
  const lines: string[] = [];
  for (const { section, settings, held, todo } of overridden) {
    const where = held === "database" ? "LiteLLM's database" : "the running proxy";
    lines.push(
      "",
      `Not as declared, as ${where} has it otherwise (${section}):`,
      ...settings.map(
        ({ name, declared, live }) =>
          `  ${name} is ${JSON.stringify(live)}, declared is ${JSON.stringify(declared)}`,
      ),
      `  What to do: ${todo}.`,
    );
  }
  if (unmanaged.length > 0) {
    const rows = unmanaged.map(({ kind, name, id }) => [kind, name, id]);
    lines.push("", table([["MADE BY HAND", "NAME", "ID"], ...rows]));
    for (const todo of new Set(unmanaged.map((thing) => thing.todo))) lines.push(`  What to do: ${todo}.`);
  }
  for (const { what, reason, todo } of unchecked) lines.push("", `Not seen: ${what}: ${reason}. ${todo}.`);
  return lines;
}
