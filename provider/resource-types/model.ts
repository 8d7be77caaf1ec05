import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { LiteLlmApi } from "../../litellm/client.ts";
import { isUncertain, LiteLlmError } from "../../litellm/errors.ts";
import { isUnknown, type Properties } from "../values.ts";
import { type Fields, type ResourceType, schemas } from "./resource-type.ts";

const fields = {
  modelName: { schema: schemas.name, required: true },
  model: { schema: schemas.name, required: true },
  apiBase: { schema: z.url("must be a URL") },
  credentials: { schema: z.record(z.string(), schemas.name, "must be a map of texts"), secret: true },
  params: { schema: schemas.record },
  modelInfo: { schema: schemas.record },
  modelId: { schema: schemas.name, kept: true },
} satisfies Fields;

/** Names that are properties of their own, and so must not stand in `params` or `modelInfo`. */
const OWN: Readonly<Record<string, readonly string[]>> = { params: ["model", "api_base"], modelInfo: ["id"] };
const SECRET_NAME = /api_key|secret|password|credentials|(access|auth|session|bearer|aad|ad)_token$/;

function body(id: string, inputs: Properties): unknown {
  return {
    model_name: inputs.modelName,
    litellm_params: {
      ...(inputs.params as object | undefined),
      ...(inputs.credentials as object | undefined),
      model: inputs.model,
      ...(inputs.apiBase === undefined ? {} : { api_base: inputs.apiBase }),
    },
    model_info: { ...(inputs.modelInfo as object | undefined), id },
  };
}

interface ModelRow {
  readonly model_name: string;
  readonly litellm_params: Properties;
  readonly model_info: Properties;
}

async function row(api: LiteLlmApi, id: string): Promise<ModelRow | undefined> {
  try {
    const { data } = (await api.get("/model/info", { litellm_model_id: id })) as { data: ModelRow[] };
    return data[0];
  } catch (error) {
    // LiteLLM's way to say 404 here (1.73.0: proxy_server.py, model_info_v1).
    if (error instanceof LiteLlmError && [400, 404].includes(error.status) && /not found/.test(error.message))
      return undefined;
    throw error;
  }
}

/** The entries of `wanted`, with the values that LiteLLM holds now; what it adds of its own is not ours. */
function liveEntries(wanted: unknown, held: Properties): Properties | undefined {
  if (wanted === undefined) return undefined;
  const names = Object.keys(wanted as object);
  return Object.fromEntries(names.flatMap((name) => (held[name] === undefined ? [] : [[name, held[name]]])));
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function remove(api: LiteLlmApi, id: string): Promise<void> {
  try {
    await api.change("/model/delete", { id });
  } catch (error) {
    if (!(error instanceof LiteLlmError && /not found/.test(error.message))) throw error;
  }
}

/** Adds a model under an id, unless it is known by now that an answer to that was lost. */
async function add(api: LiteLlmApi, id: string, inputs: Properties): Promise<void> {
  try {
    await api.change("/model/new", body(id, inputs));
  } catch (error) {
    if (!isUncertain(error) || (await row(api, id).catch(() => undefined)) === undefined) throw error;
  }
}

/** A deployment that LiteLLM keeps in its database. Its credentials cannot be read back, so a change of them goes unnoticed. */
export const modelType: ResourceType = {
  type: "litellm:index:Model",
  fields,
  identity: { property: "modelId", generate: () => randomUUID(), idOf: (modelId) => modelId },
  outputs: {},

  check(inputs) {
    const names = (property: string) => {
      const value = inputs[property];
      return typeof value === "object" && value !== null && !isUnknown(value) ? Object.keys(value) : [];
    };
    return [
      ...Object.entries(OWN).flatMap(([property, own]) =>
        names(property)
          .filter((name) => own.includes(name))
          .map((name) => ({ property: `${property}.${name}`, reason: "is a property of its own" })),
      ),
      ...names("params")
        .filter((name) => SECRET_NAME.test(name))
        .map((name) => ({ property: `params.${name}`, reason: "is a secret: give it in `credentials`" })),
    ];
  },

  async create(api, id, inputs) {
    // LiteLLM would answer 500.
    await api.ready();
    if (await row(api, id))
      throw new Error(
        `\`modelId\`: a model of the id \`${id}\` exists already. Import it (\`import: "${id}"\`), or give another id.`,
      );
    await add(api, id, inputs);
    return {};
  },

  async read(api, id, inputs) {
    const found = await row(api, id);
    if (found === undefined) return undefined;
    const { model, api_base } = found.litellm_params;
    const live = {
      ...inputs,
      modelName: found.model_name,
      model,
      apiBase: api_base,
      params: liveEntries(inputs.params, found.litellm_params),
      modelInfo: liveEntries(inputs.modelInfo, found.model_info),
    };
    return {
      inputs: Object.fromEntries(Object.entries(live).filter(([, value]) => value !== undefined)),
      outputs: {},
    };
  },

  // LiteLLM's own update keeps what was taken away, and its PATCH drops the config file's models until a restart
  // (1.73.0: model_management_endpoints.py, clear_cache). So the old one goes and the new one comes, under one id.
  async update(api, id, olds, news) {
    await remove(api, id);
    try {
      await add(api, id, news);
    } catch (error) {
      await add(api, id, olds).catch((again) => {
        throw new Error(
          `${messageOf(error)}. The model as it was could not be put back either: ${messageOf(again)}`,
          { cause: error },
        );
      });
      throw error;
    }
    return {};
  },

  delete: remove,
};
