/** LiteLLM's objects as Pulumi resources, for programs: `new Key("agent", { models: ["tinyllama"] }, { provider })`. */

import * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link Provider}. */
export interface ProviderArgs {
  /** Address of the proxy, such as `http://localhost:4444`. */
  endpoint: pulumi.Input<string>;
  /** The proxy's master key. The state holds it once, encrypted; a changed one updates the provider alone. */
  masterKey: pulumi.Input<string>;
}

/**
 * The connection to one LiteLLM proxy. Pass it to each object as `{ provider }`. Objects need no proxy at preview;
 * a change waits up to three minutes until the proxy is ready.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const { endpoint, masterKey } = args;
    super("litellm", name, { endpoint, masterKey: pulumi.secret(masterKey) }, opts);
  }
}

/** Limits of keys, teams and budgets. */
export interface Limits {
  /** US dollars; when they are spent, requests are refused. Default: no limit. */
  maxBudget?: pulumi.Input<number>;
  /** After which time spend counts from zero again, such as `30d`. Default: never. */
  budgetDuration?: pulumi.Input<string>;
  /** Requests a minute. Default: no limit. */
  rpmLimit?: pulumi.Input<number>;
  /** Tokens a minute. Default: no limit. */
  tpmLimit?: pulumi.Input<number>;
}

/** Inputs of {@link Key}. */
export interface KeyArgs extends Limits {
  /** Name in LiteLLM's UI and reports; unique. */
  keyAlias?: pulumi.Input<string>;
  /** Names of the models that it may use. Default: all. */
  models?: pulumi.Input<pulumi.Input<string>[]>;
  /** How long it is valid from its creation, or from the last change of this value, such as `90d`. Default: for ever. */
  duration?: pulumi.Input<string>;
  /** Requests at the same time. Default: no limit. */
  maxParallelRequests?: pulumi.Input<number>;
  /** Id of a {@link Budget}. */
  budgetId?: pulumi.Input<string>;
  /** Id of a {@link Team}. */
  teamId?: pulumi.Input<string>;
  metadata?: pulumi.Input<Record<string, unknown>>;
  /** A blocked key is refused. Default: false. */
  blocked?: pulumi.Input<boolean>;
  /** Its value, which starts with `sk-`. Default: generated. Another value replaces the key, and its spend is lost. */
  key?: pulumi.Input<string>;
}

/**
 * A virtual key of LiteLLM. Its id is LiteLLM's hash of its value. To import one, give the hash as `import` and the
 * value as `key`: LiteLLM does not tell it. Taking `duration`, `budgetDuration` or `teamId` away replaces the key.
 */
export class Key extends pulumi.CustomResource {
  /** The value; secret. */
  declare readonly key: pulumi.Output<string>;
  /** When it ends (ISO 8601); undefined when it does not. */
  declare readonly expires: pulumi.Output<string | undefined>;

  constructor(name: string, args: KeyArgs, opts?: pulumi.CustomResourceOptions) {
    const secretKey = args.key === undefined ? undefined : pulumi.secret(args.key);
    super("litellm:index:Key", name, { ...args, key: secretKey, expires: undefined }, opts);
  }
}

/** Inputs of {@link Team}. */
export interface TeamArgs extends Limits {
  /** Name in LiteLLM's UI and reports. */
  teamAlias?: pulumi.Input<string>;
  /** Names of the models that its keys may use. Default: all. */
  models?: pulumi.Input<pulumi.Input<string>[]>;
  metadata?: pulumi.Input<Record<string, unknown>>;
  /** A blocked team's keys are refused. Default: false. */
  blocked?: pulumi.Input<boolean>;
}

/** A team of LiteLLM: limits that its keys share. LiteLLM deletes a team's keys with it. */
export class Team extends pulumi.CustomResource {
  constructor(name: string, args: TeamArgs, opts?: pulumi.CustomResourceOptions) {
    super("litellm:index:Team", name, { ...args }, opts);
  }
}

/** Inputs of {@link Budget}. */
export interface BudgetArgs extends Limits {
  /** US dollars; LiteLLM warns when they are spent. */
  softBudget?: pulumi.Input<number>;
  /** Requests at the same time. Default: no limit. */
  maxParallelRequests?: pulumi.Input<number>;
}

/** A budget of LiteLLM, which keys refer to by its id. Taking a limit away replaces it. */
export class Budget extends pulumi.CustomResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.CustomResourceOptions) {
    super("litellm:index:Budget", name, { ...args }, opts);
  }
}

/** Inputs of {@link Model}. */
export interface ModelArgs {
  /** The name by which clients call it; several models of one name are balanced. */
  modelName: pulumi.Input<string>;
  /** LiteLLM's provider and model, such as `ollama_chat/tinyllama`. */
  model: pulumi.Input<string>;
  /** Address of the provider or server, as the proxy sees it. Default: the provider's own. */
  apiBase?: pulumi.Input<string>;
  /** Secrets of `litellm_params`, such as `{ api_key: … }`. LiteLLM encrypts them, and does not tell them. */
  credentials?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further `litellm_params`, such as `{ rpm: 60, input_cost_per_token: 1e-6 }`. */
  params?: pulumi.Input<Record<string, unknown>>;
  /** `model_info`, such as `{ mode: "embedding" }`. */
  modelInfo?: pulumi.Input<Record<string, unknown>>;
  /** LiteLLM's id of the deployment. Default: generated. */
  modelId?: pulumi.Input<string>;
}

/** A model that LiteLLM keeps in its database. A change of its credentials in LiteLLM goes unnoticed. */
export class Model extends pulumi.CustomResource {
  constructor(name: string, args: ModelArgs, opts?: pulumi.CustomResourceOptions) {
    const credentials = args.credentials === undefined ? undefined : pulumi.secret(args.credentials);
    super("litellm:index:Model", name, { ...args, credentials }, opts);
  }
}
