/** The models that a stack declares, in files for LiteLLM and as resources. */

import { parseDocument } from "yaml";
import { type Container, isContainer, MODEL, type Resource } from "./resource.ts";
import type { Finding } from "./rule.ts";
import { serviceOf } from "./services.ts";
import { eachKnown, elements, ensureKnown, known } from "./unknown.ts";
import { textOfUpload } from "./uploads.ts";
import { variables } from "./variables.ts";

/** A model as it is declared somewhere. */
export interface DeclaredModel {
  readonly resource: Resource;
  /** Where a property of it stands, in words, such as `` `model_list[0].litellm_params.model` in `uploads[0]` of `x` ``. */
  readonly at: (property: string) => string;
  /** LiteLLM's `litellm_params`. A property that a preview does not know yet throws. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Environment variable of the LiteLLM that serves it. One that may be among those not known yet throws. */
  readonly variable: (name: string) => string | undefined;
}

/** A file for LiteLLM that is no YAML, or no list of models. */
export interface Unreadable extends Finding {
  readonly unreadable: true;
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The models of a stack, and the files that cannot be read; what is unknown throws after the rest. */
export function* declaredModels(resources: readonly Resource[]): Generator<DeclaredModel | Unreadable> {
  yield* eachKnown([...resources], function* (resource) {
    if (resource.type === MODEL) yield modelOf(resource, resources);
    else if (isContainer(resource) && serviceOf(resource, resources) === "litellm")
      yield* modelsOfUploads(resource);
  });
}

/** The model of a resource; a property of LiteLLM's is named as the resource names it. */
function modelOf(resource: Resource, resources: readonly Resource[]): DeclaredModel {
  const { name, props } = resource;
  const own: Readonly<Record<string, string>> = { model: "model", api_base: "apiBase" };
  return {
    resource,
    at: (property) => `\`${own[property] ?? `params.${property}`}\` of \`${name}\``,
    params: new Proxy(props, {
      get: (_, property: string) => {
        const name = own[property];
        return name === undefined ? (props.params as Mapping | undefined)?.[property] : props[name];
      },
    }),
    variable: (name) => {
      const proxies = resources
        .filter(isContainer)
        .filter((container) => serviceOf(container, resources) === "litellm");
      return proxies.map((container) => environment(container)(name)).find((value) => value !== undefined);
    },
  };
}

/** The models in the config files that a LiteLLM is given. */
function* modelsOfUploads(container: Container): Generator<DeclaredModel | Unreadable> {
  const uploads = container.props.uploads ?? [];
  yield* eachKnown(Array.from({ length: uploads.length }).keys(), function* (index) {
    const upload = uploads[index];
    const text = upload && textOfUpload(upload);
    const file = known(() => upload?.file);
    if (text === undefined || !isConfig(file, text)) return;

    const place = `\`uploads[${index}]\`${file === undefined ? "" : ` (\`${file}\`)`} of \`${container.name}\``;
    const unreadable = (problem: string): Unreadable => ({ resource: container, problem, unreadable: true });
    const config = parsed(text);
    if (config === undefined) {
      yield unreadable(`${place} is not YAML`);
      return;
    }
    if (!isMapping(config) || !config.model_list) return;
    if (!Array.isArray(config.model_list)) {
      yield unreadable(`\`model_list\` in ${place} is not a list`);
      return;
    }
    const variable = environment(container, config.environment_variables);
    yield* eachKnown(config.model_list.entries(), function* ([entryIndex, entry]: [number, unknown]) {
      const params = isMapping(entry) ? entry.litellm_params : undefined;
      if (!isMapping(entry) || !isMapping(params))
        yield unreadable(`\`model_list[${entryIndex}]\` in ${place} has no \`litellm_params\``);
      else if (isServed(entry, variable)) {
        const at = (property: string) =>
          `\`model_list[${entryIndex}].litellm_params.${property}\` in ${place}`;
        yield { resource: container, at, params, variable };
      }
    });
  });
}

/** Whether LiteLLM is to read this as its config: it is named so, or has models. */
function isConfig(file: string | undefined, text: string): boolean {
  return /\.ya?ml$/i.test(file ?? "") || /^[^\S\n]*[{"']*model_list["']?\s*:/m.test(text);
}

/** What a YAML text holds, as LiteLLM reads it (1.1: with merge keys); undefined for what is not YAML. */
function parsed(text: string): unknown {
  const document = parseDocument(text, { version: "1.1", logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  try {
    // `null` for an empty file.
    return document.toJS() ?? null;
  } catch {
    return undefined; // An alias of nothing, or too many of them.
  }
}

/**
 * Whether LiteLLM calls a model of its config: one for other environments only describes what a model can do. Without
 * `LITELLM_ENVIRONMENT`, LiteLLM does not start; it is looked at then too.
 */
function isServed({ model_info }: Mapping, variable: DeclaredModel["variable"]): boolean {
  const environments = isMapping(model_info) ? model_info.supported_environments : undefined;
  if (!Array.isArray(environments)) return true;
  const own = variable("LITELLM_ENVIRONMENT");
  return own === undefined || environments.includes(own);
}

/** Looks up environment variables of a container, and before them those that its config sets. */
function environment(container: Container, config: unknown = {}): DeclaredModel["variable"] {
  return (name) => {
    const own = isMapping(config) ? config[name] : undefined;
    if (own !== undefined && own !== null) return String(own);
    const value = variables(container).findLast((variable) => variable.name === name)?.value;
    if (value === undefined) ensureKnown(container.props.envs);
    return value;
  };
}

/**
 * Whether `host` is a container of the stack: by its name or an alias on a network. Where it may be one whose name is
 * unknown yet, that throws.
 */
export function isHostOfStack(host: string, resources: readonly Resource[]): boolean {
  const containers = resources.filter(isContainer);
  const names = containers.flatMap(({ props }) => [
    known(() => props.name),
    ...elements(known(() => props.networksAdvanced)).flatMap((network) =>
      elements(known(() => network?.aliases)),
    ),
  ]);
  if (names.some((name) => name?.toLowerCase() === host.toLowerCase())) return true;
  for (const { props } of containers) {
    void props.name;
    for (const { aliases } of props.networksAdvanced ?? []) ensureKnown(aliases);
  }
  return false;
}
