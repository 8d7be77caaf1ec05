import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/stack-config.ts";
import { deploymentEntry } from "../litellm/deployments.ts";
import { Key, Model, Provider, Team } from "../provider/resources.ts";

/** Inputs of {@link LiteLlmObjects}. */
export interface LiteLlmObjectsArgs {
  /** Address of the proxy as seen from here. Objects wait for it. */
  endpoint: pulumi.Input<string>;
  masterKey: pulumi.Input<string>;
  /** What keeps the objects: when it is deleted, they are gone with it, and the proxy is not asked. */
  database: pulumi.Resource;
  teams: StackConfig["teams"];
  keys: StackConfig["keys"];
  /** Those that LiteLLM keeps in its database. */
  models: StackConfig["models"];
  /** Secret config values by name: keys of providers, and keys' own values. */
  secrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * What LiteLLM keeps in its database, as declared: teams, keys, models. None of it depends on the proxy's container,
 * so that it survives `down`, and a replaced proxy replaces none of it.
 */
export class LiteLlmObjects extends pulumi.ComponentResource {
  /** The keys' values by name; secret. */
  readonly keys: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: LiteLlmObjectsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-stack:litellm:LiteLlmObjects", name, {}, opts);
    const provider = new Provider(
      "litellm",
      { endpoint: args.endpoint, masterKey: args.masterKey },
      { parent: this },
    );
    const options = { parent: this, provider, deletedWith: args.database };

    for (const model of args.models)
      for (const deployment of model.deployments) {
        const { id, secret, ...entry } = deploymentEntry(model, deployment);
        const key = secret === undefined ? undefined : (args.secrets[secret] ?? secret);
        new Model(
          id,
          {
            modelName: model.name,
            modelId: id,
            ...entry,
            ...(key === undefined ? {} : { credentials: { api_key: key } }),
          },
          options,
        );
      }

    const teams = new Map(
      args.teams.map(({ name, ...team }) => [
        name,
        new Team(`team-${name}`, { teamAlias: name, ...given(team) }, options),
      ]),
    );

    this.keys = Object.fromEntries(
      args.keys.map(({ name, team, value, ...key }) => {
        const resource = new Key(
          name,
          {
            keyAlias: name,
            ...given(key),
            ...(team === undefined ? {} : { teamId: teams.get(team)?.id }),
            ...(value === undefined ? {} : { key: args.secrets[value] }),
          },
          options,
        );
        return [name, resource.key];
      }),
    );
    this.registerOutputs({ keys: this.keys });
  }
}

/** The config of a key or team as the provider's inputs: one that is not blocked leaves `blocked` unset. */
function given<T extends { blocked: boolean; models?: readonly string[] }>({ blocked, models, ...rest }: T) {
  return { ...rest, ...(models && { models: [...models] }), ...(blocked && { blocked }) };
}
