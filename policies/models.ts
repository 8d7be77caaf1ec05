/** The models that a stack declares, in files for LiteLLM and as resources. */

import { type ConfigFile, environment, isMapping, type Lookup, type Mapping } from "./litellm-config.ts";
import { type Container, isContainer, type Resource } from "./resource.ts";
import type { Finding } from "./rule.ts";
import { serviceOf } from "./services.ts";
import { eachKnown } from "./unknown.ts";

/** A model as it is declared somewhere. */
export interface DeclaredModel {
  readonly resource: Resource;
  /** Where a property of it stands, in words, such as `` `model_list[0].litellm_params.model` in `uploads[0]` of `x` ``. */
  readonly at: (property: string) => string;
  /** LiteLLM's `litellm_params`. A property that a preview does not know yet throws. */
  readonly params: Mapping;
  readonly variable: Lookup;
}

/** The stack's LiteLLM containers. Where a preview does not know yet whether something is one, it throws. */
export function proxiesOf(resources: readonly Resource[]): Container[] {
  return resources.filter(isContainer).filter((container) => serviceOf(container, resources) === "litellm");
}

/** The model of a resource; a property of LiteLLM's is named as the resource names it. */
export function modelOf(resource: Resource, resources: readonly Resource[]): DeclaredModel {
  const { name, props } = resource;
  const own: Readonly<Record<string, string>> = { model: "model", api_base: "apiBase" };
  const places = ["params", "credentials"] as const;
  /** The argument that holds further properties, and has this one. */
  const placeOf = (property: string) =>
    places.find((place) => Object.hasOwn((props[place] as Mapping | undefined) ?? {}, property)) ?? "params";
  return {
    resource,
    at: (property) => `\`${own[property] ?? `${placeOf(property)}.${property}`}\` of \`${name}\``,
    params: new Proxy(props, {
      get: (_, property: string) => {
        const argument = own[property];
        const value = argument === undefined ? undefined : props[argument];
        return value ?? (props[placeOf(property)] as Mapping | undefined)?.[property];
      },
    }),
    variable: (variable) =>
      proxiesOf(resources)
        .map((container) => environment(container)(variable))
        .find((value) => value !== undefined),
  };
}

/** The models of a config file that LiteLLM calls, and what is not one. */
export function* modelsOf({
  container,
  place,
  config,
  variable,
}: ConfigFile): Generator<DeclaredModel | Finding> {
  if (!config.model_list) return;
  if (!Array.isArray(config.model_list)) {
    yield { resource: container, problem: `\`model_list\` in ${place} is not a list` };
    return;
  }
  yield* eachKnown(config.model_list.entries(), function* ([index, entry]: [number, unknown]) {
    const params = isMapping(entry) ? entry.litellm_params : undefined;
    if (!isMapping(params))
      yield {
        resource: container,
        problem: `\`model_list[${index}]\` in ${place} has no \`litellm_params\``,
      };
    else if (isServed(entry, variable)) {
      const at = (property: string) => `\`model_list[${index}].litellm_params.${property}\` in ${place}`;
      yield { resource: container, at, params, variable };
    }
  });
}

/**
 * Whether LiteLLM calls a model of its config: one for other environments only describes what a model can do. Without
 * `LITELLM_ENVIRONMENT`, LiteLLM does not start; it is looked at then too.
 */
export function isServed(entry: unknown, variable: Lookup): boolean {
  const info = isMapping(entry) ? entry.model_info : undefined;
  const environments = isMapping(info) ? info.supported_environments : undefined;
  if (!Array.isArray(environments)) return true;
  const own = variable("LITELLM_ENVIRONMENT");
  return own === undefined || environments.includes(own);
}
