import { randomUUID } from "node:crypto";
import type { LiteLlmApi } from "../../litellm/client.ts";
import type { Properties } from "../values.ts";
import { type Fields, fromApi, limitFields, type ResourceType, schemas, toApi } from "./resource-type.ts";

// LiteLLM's update leaves out what is empty, so that no limit can be taken away in place (1.73.0:
// budget_management_endpoints.py, update_budget).
const fields = {
  maxBudget: { ...limitFields.maxBudget, replaces: "away" },
  softBudget: { schema: schemas.dollars, replaces: "away" },
  budgetDuration: { ...limitFields.budgetDuration, replaces: "away" },
  rpmLimit: { ...limitFields.rpmLimit, replaces: "away" },
  tpmLimit: { ...limitFields.tpmLimit, replaces: "away" },
  maxParallelRequests: { schema: schemas.count, replaces: "away" },
  budgetId: { schema: schemas.name, kept: true },
} satisfies Fields;

async function row(api: LiteLlmApi, id: string): Promise<Properties | undefined> {
  const [found] = (await api.ask("/budget/info", { budgets: [id] })) as Properties[];
  return found;
}

/** Limits that several keys refer to by `budgetId`. */
export const budgetType: ResourceType = {
  type: "litellm:index:Budget",
  fields,
  identity: { property: "budgetId", generate: () => randomUUID(), idOf: (budgetId) => budgetId },
  outputs: {},

  async create(api, id, inputs) {
    await api.change("/budget/new", { ...toApi(fields, inputs), budget_id: id });
    return {};
  },

  async read(api, id, inputs) {
    const found = await row(api, id);
    return found && { inputs: fromApi(fields, found, inputs), outputs: {} };
  },

  async update(api, id, olds, news) {
    // LiteLLM answers 200 as well where there is no such budget, such as after an answer that was lost.
    await api.ready();
    if ((await row(api, id)) === undefined) return this.create(api, id, news);
    await api.change("/budget/update", { ...toApi(fields, news, olds), budget_id: id });
    return {};
  },

  async delete(api, id) {
    await api.ready();
    if (await row(api, id)) await api.change("/budget/delete", { id });
  },
};
