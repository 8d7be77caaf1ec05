import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { LiteLlmApi } from "../../litellm/client.ts";
import { LiteLlmError } from "../../litellm/errors.ts";
import { tokenOf } from "../../litellm/keys.ts";
import type { Properties } from "../values.ts";
import { type Fields, fromApi, limitFields, type ResourceType, schemas, toApi } from "./resource-type.ts";

const fields = {
  keyAlias: { schema: schemas.name },
  models: { schema: schemas.models, empty: [] },
  ...limitFields,
  // LiteLLM 1.73.0's update ignores an empty value of these two (key_management_endpoints.py, prepare_key_update_data).
  budgetDuration: { ...limitFields.budgetDuration, replaces: "away" },
  duration: { schema: schemas.duration, replaces: "away" },
  maxParallelRequests: { schema: schemas.count },
  budgetId: { schema: schemas.name },
  teamId: { schema: schemas.name, replaces: "away" },
  metadata: { schema: schemas.record, empty: {} },
  blocked: { schema: schemas.flag, empty: false },
  key: {
    schema: z.string().regex(/^sk-.{8,}/, "must start with `sk-` and have at least 8 characters more"),
    secret: true,
  },
} satisfies Fields;

/** What LiteLLM can be asked for again: all but the value. */
const { key: _, ...withoutValue } = fields;

/** LiteLLM gives microseconds when it creates a key, and milliseconds later. */
const time = (value: unknown) => (typeof value === "string" ? new Date(value).toISOString() : undefined);

async function info(api: LiteLlmApi, token: string): Promise<Properties | undefined> {
  try {
    const { info } = (await api.get("/key/info", { key: token })) as { info: Properties };
    return info;
  } catch (error) {
    if (error instanceof LiteLlmError && error.status === 404) return undefined;
    throw error;
  }
}

/** A virtual key. Its id is LiteLLM's hash of it. */
export const keyType: ResourceType = {
  type: "litellm:index:Key",
  fields,
  outputs: { key: { secret: true }, expires: {} },

  effect(property, id, { key }) {
    if (property !== "key") return undefined;
    // Given no more: the value stays. The value of this very key, such as after an import: only noted.
    if (key === undefined) return "none";
    return typeof key === "string" && tokenOf(key) === id ? "update" : "replace";
  },

  async create(api, inputs) {
    // Generated here and not by LiteLLM: an answer that gets lost leaves no key that nobody knows.
    const value = typeof inputs.key === "string" ? inputs.key : `sk-${randomBytes(24).toString("base64url")}`;
    const id = tokenOf(value);
    const body = { ...toApi(withoutValue, inputs), key: value };
    // LiteLLM would answer as if it had created the key, and leave it as it was.
    await api.ready();
    if (await info(api, id))
      throw new Error(
        `\`key\`: this key exists already. Import it (\`import: "${id}"\`), or give another value.`,
      );
    const { expires } = (await api.change("/key/generate", body)) as Properties;
    return { id, outputs: { key: value, expires: time(expires) } };
  },

  async read(api, id, inputs) {
    const row = await info(api, id);
    if (row === undefined) return undefined;
    return {
      inputs: { ...fromApi(withoutValue, row, inputs), ...(inputs.key !== undefined && { key: inputs.key }) },
      outputs: { expires: time(row.expires) },
    };
  },

  async update(api, id, olds, news, outputs) {
    const body = toApi(withoutValue, news, olds);
    // Sent again it would count anew.
    if (olds.duration === news.duration) delete body.duration;
    const { expires } = (await api.change("/key/update", { ...body, key: id })) as Properties;
    return { key: news.key ?? outputs.key, expires: time(expires) ?? outputs.expires };
  },

  async delete(api, id) {
    await api.ready();
    if (await info(api, id)) await api.change("/key/delete", { keys: [id] });
  },
};
