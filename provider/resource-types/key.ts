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
    kept: true,
  },
} satisfies Fields;

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
  identity: {
    property: "key",
    generate: () => `sk-${randomBytes(24).toString("base64url")}`,
    idOf: tokenOf,
  },
  outputs: { key: { secret: true }, expires: {} },

  async create(api, id, inputs) {
    // LiteLLM would answer as if it had created the key, and leave it as it was.
    await api.ready();
    if (await info(api, id))
      throw new Error(
        `\`key\`: this key exists already. Import it (\`import: "${id}"\`), or give another value.`,
      );
    const { expires } = (await api.change("/key/generate", toApi(fields, inputs))) as Properties;
    return { expires: time(expires) };
  },

  async read(api, id, inputs) {
    const row = await info(api, id);
    if (row === undefined) return undefined;
    return { inputs: fromApi(fields, row, inputs), outputs: { expires: time(row.expires) } };
  },

  async update(api, id, olds, news, outputs) {
    const body = toApi(fields, news, olds);
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
