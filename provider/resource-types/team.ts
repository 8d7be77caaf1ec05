import { randomUUID } from "node:crypto";
import { LiteLlmError } from "../../litellm/errors.ts";
import type { Properties } from "../values.ts";
import { type Fields, fromApi, limitFields, type ResourceType, schemas, toApi } from "./resource-type.ts";

const fields = {
  teamAlias: { schema: schemas.name },
  models: { schema: schemas.models, empty: [] },
  ...limitFields,
  metadata: { schema: schemas.record, empty: {} },
  blocked: { schema: schemas.flag, empty: false },
  teamId: { schema: schemas.name, kept: true },
} satisfies Fields;

/** A team: what its keys may use and spend together. LiteLLM deletes a team's keys with it. */
export const teamType: ResourceType = {
  type: "litellm:index:Team",
  fields,
  identity: { property: "teamId", generate: () => randomUUID(), idOf: (teamId) => teamId },
  outputs: {},

  async create(api, id, inputs) {
    await api.change("/team/new", { ...toApi(fields, inputs), team_id: id });
    return {};
  },

  async read(api, id, inputs) {
    try {
      const { team_info } = (await api.get("/team/info", { team_id: id })) as { team_info: Properties };
      return { inputs: fromApi(fields, team_info, inputs), outputs: {} };
    } catch (error) {
      if (error instanceof LiteLlmError && error.status === 404) return undefined;
      throw error;
    }
  },

  async update(api, id, olds, news) {
    await api.change("/team/update", { ...toApi(fields, news, olds), team_id: id });
    return {};
  },

  async delete(api, id) {
    try {
      await api.change("/team/delete", { team_ids: [id] });
    } catch (error) {
      if (!(error instanceof LiteLlmError && error.status === 404)) throw error;
    }
  },
};
