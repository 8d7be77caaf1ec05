/** Keys, a team, a budget and a model of a LiteLLM proxy that already runs, wherever it came from. */

import * as pulumi from "@pulumi/pulumi";
import { Budget, Key, Model, Provider, Team } from "../../provider/resources.ts";

const config = new pulumi.Config();
const provider = new Provider("proxy", {
  endpoint: config.get("endpoint") ?? "http://localhost:4444",
  masterKey: config.requireSecret("masterKey"),
});

const modelName = "small";
new Model(
  "model",
  {
    modelName,
    model: config.get("model") ?? "ollama_chat/tinyllama",
    apiBase: config.get("apiBase") ?? "http://tinyllama1:11434",
  },
  { provider },
);

const team = new Team(
  "team",
  { teamAlias: "research", models: [modelName], maxBudget: 50, budgetDuration: "30d" },
  { provider },
);

const budget = new Budget("budget", { maxBudget: 5, budgetDuration: "30d", rpmLimit: 60 }, { provider });

const key = new Key("key", { keyAlias: "notebook", teamId: team.id, budgetId: budget.id }, { provider });

export const teamId = team.id;
export const budgetId = budget.id;
/** For clients; secret. */
export const notebookKey = key.key;
