import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { LiteLlmObjects } from "../../infra/litellm-objects.ts";
import { registrations, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("LiteLlmObjects", () => {
  const server = { kind: "server", id: "m@a", server: "a", model: "tinyllama", tools: undefined } as const;
  const cloud = {
    kind: "provider",
    id: "g@gemini",
    provider: "gemini",
    model: "g",
    secret: "geminiApiKey",
    tools: true,
    price: { input: 1, output: 2 },
  } as const;
  const model = { mode: "chat", verify: false, store: "database" } as const;

  it("makes models, teams and keys, with the secrets that they need", async () => {
    const database = new pulumi.ComponentResource("test:Database", "database");
    const objects = new LiteLlmObjects("objects", {
      endpoint: "http://localhost:4444",
      masterKey: "sk-master",
      database,
      models: [
        { ...model, name: "m", deployments: [server] },
        { ...model, name: "g", deployments: [cloud] },
      ],
      teams: [{ name: "red", models: ["m"], maxBudget: 5, blocked: false }],
      keys: [
        { name: "agent", models: ["m"], rpmLimit: 1, blocked: false },
        { name: "member", team: "red", blocked: true, value: "memberApiKey" },
      ],
      secrets: {
        geminiApiKey: pulumi.secret("g-secret"),
        memberApiKey: pulumi.secret("sk-member-value"),
      },
    });

    const all = await registrations();
    const made = (type: string) =>
      Object.fromEntries(
        all
          .filter((resource) => resource.type === `litellm:index:${type}`)
          .map(({ name, inputs }) => [name, inputs]),
      );
    expect(made("Model")).toEqual({
      "m@a": {
        modelName: "m",
        modelId: "m@a",
        model: "ollama_chat/tinyllama",
        apiBase: "http://a:11434",
        params: { input_cost_per_token: 0, output_cost_per_token: 0 },
        modelInfo: { mode: "chat" },
      },
      "g@gemini": {
        modelName: "g",
        modelId: "g@gemini",
        model: "gemini/g",
        credentials: expect.anything(),
        params: { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
        modelInfo: { mode: "chat", supports_function_calling: true },
      },
    });
    expect(JSON.stringify(made("Model")["g@gemini"]?.credentials)).toContain("g-secret");
    expect(made("Team")).toEqual({ "team-red": { teamAlias: "red", models: ["m"], maxBudget: 5 } });
    expect(made("Key")).toEqual({
      agent: { keyAlias: "agent", models: ["m"], rpmLimit: 1 },
      member: {
        keyAlias: "member",
        teamId: "team-red-id",
        blocked: true,
        key: expect.objectContaining({ value: "sk-member-value" }),
      },
    });
    expect(Object.keys(objects.keys)).toEqual(["agent", "member"]);
  });
});
