/** What LiteLLM holds although nothing declares it: it was created elsewhere or by hand. */

import { type LiveKey, UI_TEAM } from "../../litellm/keys.ts";
import type { DeploymentInfo } from "../../litellm/model-info.ts";
import type { StateResource } from "../pulumi/stack.ts";
import { isEmpty, SECTIONS, type Sections } from "./settings.ts";

/** Something that nothing declares. */
export interface Unmanaged {
  readonly kind: "model" | "key" | "team" | "setting";
  readonly name: string;
  /** LiteLLM's id; of a setting its section. */
  readonly id: string;
  /** What becomes of it, and how to change that. */
  readonly todo: string;
}

/** What LiteLLM lists of the objects in its database, and of the models in its config file. */
export interface LiveObjects {
  readonly models: readonly DeploymentInfo[];
  readonly keys: readonly LiveKey[];
  readonly teams: readonly { readonly team_id: string; readonly team_alias?: string | null }[];
}

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
      name: litellm_params?.model ? `${model_name} (${litellm_params.model})` : model_name,
      id: model_info.id ?? "",
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

/** Settings in LiteLLM's database that the config file does not have. Their values may be secret, and are left out. */
export function unmanagedSettings(declared: Sections, stored: Sections): Unmanaged[] {
  return [...SECTIONS, "environment_variables"].flatMap((section) =>
    Object.entries(stored[section] ?? {})
      .filter(([name, value]) => declared[section]?.[name] === undefined && !isEmpty(value))
      .map(([name]) => ({
        kind: "setting" as const,
        name,
        id: section,
        todo: "left alone; it was set in the web UI, which can remove it",
      })),
  );
}
