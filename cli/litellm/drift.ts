/**
 * Finds what LiteLLM holds besides what is declared: settings in its database, which win over its config file, and
 * models, keys and teams that were created elsewhere or by hand.
 */

import pg from "pg";
import { z } from "zod";
import type { StackConfig } from "../../config/stack-config.ts";
import type { LiteLlmApi } from "../../litellm/client.ts";
import { proxyConfig } from "../../litellm/config-file.ts";
import { checkedAnswer, LiteLlmError, Unreachable } from "../../litellm/errors.ts";
import { liveKeys } from "../../litellm/keys.ts";
import { modelInfo } from "../../litellm/model-info.ts";
import { declaredContainers } from "../docker/containers.ts";
import type { Outputs, StateResource } from "../pulumi/stack.ts";
import { type Overridden, overriddenByDatabase, overriddenByProxy } from "./overridden.ts";
import { proxyApi } from "./proxy-api.ts";
import type { Sections } from "./settings.ts";
import { type LiveObjects, type Unmanaged, unmanagedObjects, unmanagedSettings } from "./unmanaged.ts";

/** Something that could not be compared. */
export interface Unchecked {
  readonly what: string;
  readonly reason: string;
  /** How to fix it. */
  readonly todo: string;
}

/** Differences between what LiteLLM holds and what is declared. */
export interface LiteLlmDrift {
  readonly overridden: readonly Overridden[];
  readonly unmanaged: readonly Unmanaged[];
  readonly unchecked: readonly Unchecked[];
}

/** What LiteLLM and its database answered, as far as they did. */
interface Found {
  readonly live?: LiveObjects & { readonly routerSettings: Readonly<Record<string, unknown>> };
  readonly stored?: Sections;
  readonly unchecked: readonly Unchecked[];
}

/** Looks at LiteLLM and at its database, without changing anything. What does not answer is `unchecked`. */
export async function findLiteLlmDrift(
  config: StackConfig,
  outputs: Outputs,
  resources: readonly StateResource[],
): Promise<LiteLlmDrift> {
  const { live, stored, unchecked } = await find(outputs);
  const declared = sectionsOf(config);
  const database = declaredContainers(config).find(({ service }) => service === "postgres")?.name ?? "";
  return {
    overridden: [
      ...overriddenByDatabase(declared, stored ?? {}, database),
      ...overriddenByProxy(declared, stored, live?.routerSettings),
    ],
    unmanaged: [
      ...(live ? unmanagedObjects(live, resources) : []),
      ...unmanagedSettings(declared, stored ?? {}),
    ],
    unchecked,
  };
}

function sectionsOf(config: StackConfig): Sections {
  const { model_list: _, ...sections } = proxyConfig(config);
  return sections;
}

async function find(outputs: Outputs): Promise<Found> {
  const unchecked: Unchecked[] = [];
  const [live, stored] = await Promise.all([
    objectsAndSettings(proxyApi(outputs)).catch((error: unknown) => {
      if (!(error instanceof Unreachable || error instanceof LiteLlmError)) throw error;
      unchecked.push({
        what: "models, keys and teams created elsewhere or by hand",
        reason: error.message,
        todo: "`npm run logs -- proxy` shows why; `npm run up` puts the proxy back",
      });
      return undefined;
    }),
    storedSettings(outputs.databaseUrl).catch((error: Error) => {
      unchecked.push({
        what: "settings in LiteLLM's database",
        reason: `the database does not answer (${error.message})`,
        todo: "`npm run logs -- db` shows why; `npm run up` puts the database back",
      });
      return undefined;
    }),
  ]);
  return { ...(live && { live }), ...(stored && { stored }), unchecked };
}

const teamsSchema = z.array(z.object({ team_id: z.string(), team_alias: z.string().nullish() }));
const settingsSchema = z.object({ router_settings: z.record(z.string(), z.unknown()) });

async function objectsAndSettings(api: LiteLlmApi): Promise<NonNullable<Found["live"]>> {
  const [models, keys, teams, settings] = await Promise.all([
    modelInfo(api),
    liveKeys(api),
    api.get("/team/list").then((answer) => checkedAnswer("GET /team/list", teamsSchema, answer)),
    api
      .get("/get/config/callbacks")
      .then((answer) => checkedAnswer("GET /get/config/callbacks", settingsSchema, answer)),
  ]);
  return { models, keys, teams, routerSettings: settings.router_settings };
}

/** The table where LiteLLM keeps what the web UI changes of its config. No call of its API tells all of it. */
async function storedSettings(databaseUrl: string): Promise<Sections> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined); // The query fails too, and that is reported.
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
