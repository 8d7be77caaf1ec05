/** Declared settings of LiteLLM that are not what counts, as its database or the running proxy overrides them. */

import { DATABASE } from "../../config/names.ts";
import { isEmpty, SECTIONS, type Sections, sameSetting } from "./settings.ts";

/** Declared settings of one section that something overrides. */
export interface Overridden {
  /** Of LiteLLM's config, such as `router_settings`. */
  readonly section: string;
  readonly settings: readonly { readonly name: string; readonly declared: unknown; readonly live: unknown }[];
  /** Where the value that counts is: in LiteLLM's database, or only in the running proxy. */
  readonly held: "database" | "proxy";
  /** How to fix it. */
  readonly todo: string;
}

/**
 * Declared settings that have another value in LiteLLM's database.
 *
 * @param container of the database
 */
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

/** Declared router settings that have another value in the running proxy, and none in its database. */
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
