/** A stack's config when every check has passed and every default is filled in: what the program and the CLI use. */

import type { KeyShape, TeamShape } from "./schema/keys.ts";
import type { ProviderTarget } from "./schema/models.ts";
import type { ServedModel } from "./schema/ollama.ts";
import type { StackConfigShape } from "./schema/stack.ts";
import type { Price } from "./schema/values.ts";

export interface ResolvedOllamaServer {
  readonly name: string;
  /** On the host, `portOffset` added. */
  readonly port: number;
  readonly models: readonly ServedModel[];
  readonly gpu?: "all" | readonly number[];
  readonly memory: string;
  /** Set only where the config sets it. */
  readonly threads?: number;
  readonly parallel: number;
  readonly keepAlive: string;
}

/** One deployment of a model: LiteLLM's word for what the config calls a target. */
export type Deployment = {
  /** LiteLLM's `model_info.id`: `<name>@<server>` or `<name>@<provider>`, with `-2`, `-3` … for repeats. */
  readonly id: string;
  readonly tools: boolean | undefined;
  /** Undefined: that of LiteLLM's own list, and nothing where that has none. */
  readonly price?: Price | undefined;
} & (
  | { readonly kind: "server"; readonly server: string; readonly model: string }
  | ({
      readonly kind: "provider";
      /** Name of the secret config value; `none` for a server that needs no key. */
      readonly secret: string;
    } & Omit<ProviderTarget, "apiKey">)
);

export interface ResolvedModel {
  readonly name: string;
  readonly mode: "chat" | "embedding";
  readonly verify: boolean;
  /** Where LiteLLM keeps it. */
  readonly store: "config" | "database";
  readonly deployments: readonly Deployment[];
}

/** A key or team, its models named. A key of a team may have none: then the team's count. */
type Resolved<T> = Omit<T, "models"> & { readonly models?: readonly string[] };

export interface StackConfig
  extends Omit<
    StackConfigShape,
    "ollama" | "models" | "portOffset" | "proxy" | "database" | "teams" | "keys"
  > {
  /** Ports on the host have `portOffset` added. */
  readonly proxy: StackConfigShape["proxy"];
  readonly database: StackConfigShape["database"];
  readonly ollama: readonly ResolvedOllamaServer[];
  readonly models: readonly ResolvedModel[];
  readonly teams: readonly Resolved<TeamShape>[];
  readonly keys: readonly Resolved<KeyShape>[];
}
