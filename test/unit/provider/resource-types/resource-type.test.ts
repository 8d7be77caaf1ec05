import { describe, expect, it } from "vitest";
import { tokenOf } from "../../../../litellm/keys.ts";
import { budgetType } from "../../../../provider/resource-types/budget.ts";
import { keyType } from "../../../../provider/resource-types/key.ts";
import { modelType } from "../../../../provider/resource-types/model.ts";
import { changesOf, fromApi, problemsOf, toApi } from "../../../../provider/resource-types/resource-type.ts";
import { teamType } from "../../../../provider/resource-types/team.ts";
import { UNKNOWN } from "../../../../provider/values.ts";

describe("problemsOf", () => {
  it("finds nothing wrong with a full key, and does not look at what is unknown yet", () => {
    const inputs = {
      keyAlias: "a",
      models: ["m"],
      maxBudget: 0,
      budgetDuration: "1mo",
      rpmLimit: 1,
      teamId: UNKNOWN,
      key: UNKNOWN,
      metadata: { any: ["thing"] },
    };
    expect(problemsOf(keyType, inputs)).toEqual([]);
  });

  it("tells every problem, with its place", () => {
    expect(problemsOf(keyType, { models: ["m", ""], maxBudget: "much", tpmLimit: 1.5, extra: 1 })).toEqual([
      {
        property: "extra",
        reason: expect.stringContaining("is not a property; the properties are `keyAlias`"),
        secret: true,
      },
      { property: "models.1", reason: "must not be empty" },
      { property: "maxBudget", reason: "must be a number, in US dollars" },
      { property: "tpmLimit", reason: "must be a whole number" },
    ]);
  });

  it("asks a model for its name and for what it is, and keeps secrets out of its parameters", () => {
    const params = { aws_secret_access_key: "x", api_base: "y", input_cost_per_token: 1, max_tokens: 2 };
    expect(problemsOf(modelType, { params, modelInfo: { id: "z" } })).toEqual([
      { property: "modelName", reason: "is missing" },
      { property: "model", reason: "is missing" },
      { property: "params.api_base", reason: "is a property of its own" },
      { property: "modelInfo.id", reason: "is a property of its own" },
      { property: "params.aws_secret_access_key", reason: "is a secret: give it in `credentials`" },
    ]);
  });
});

describe("changesOf", () => {
  const value = "sk-a-value-of-mine";

  it("is empty for the same inputs", () => {
    expect(changesOf(keyType, "id", { models: ["a"] }, { models: ["a"] })).toEqual([]);
  });

  it("updates a key in place", () => {
    expect(changesOf(keyType, "id", { maxBudget: 1, rpmLimit: 2 }, { maxBudget: 3, keyAlias: "a" })).toEqual([
      { property: "keyAlias", how: "add", replaces: false },
      { property: "maxBudget", how: "update", replaces: false },
      { property: "rpmLimit", how: "delete", replaces: false },
    ]);
  });

  it.each(["duration", "budgetDuration", "teamId"])("replaces a key when its %s goes", (property) => {
    expect(changesOf(keyType, "id", { [property]: "1d" }, {})).toMatchObject([{ replaces: true }]);
    expect(changesOf(keyType, "id", { [property]: "1d" }, { [property]: "2d" })).toMatchObject([
      { replaces: false },
    ]);
  });

  it("replaces a key when it gets another value, and only then", () => {
    expect(changesOf(keyType, tokenOf(value), { key: value }, { key: "sk-another-value" })).toEqual([
      { property: "key", how: "update", replaces: true },
    ]);
    expect(changesOf(keyType, tokenOf(value), {}, { key: value })).toEqual([
      { property: "key", how: "add", replaces: false },
    ]);
    expect(changesOf(keyType, tokenOf(value), { key: value }, {})).toEqual([]);
  });

  it("replaces a budget when a limit goes, and a model when its id changes", () => {
    expect(changesOf(budgetType, "id", { maxBudget: 1 }, {})).toMatchObject([{ replaces: true }]);
    expect(changesOf(budgetType, "id", { maxBudget: 1 }, { maxBudget: 2 })).toMatchObject([
      { replaces: false },
    ]);
    expect(changesOf(modelType, "id", { modelId: "a" }, { modelId: "b" })).toMatchObject([
      { replaces: true },
    ]);
  });

  it("takes an unknown value for a change", () => {
    expect(changesOf(teamType, "id", { teamAlias: "a" }, { teamAlias: UNKNOWN })).toMatchObject([
      { property: "teamAlias", replaces: false },
    ]);
  });
});

describe("the API's terms", () => {
  const { fields } = teamType;

  it("are in snake case, and empty what is wanted no more", () => {
    const olds = { maxBudget: 1, models: ["a"], metadata: { a: 1 }, blocked: true };
    expect(toApi(fields, { teamAlias: "t", rpmLimit: 5 }, olds)).toEqual({
      team_alias: "t",
      rpm_limit: 5,
      max_budget: null,
      models: [],
      metadata: {},
      blocked: false,
    });
  });

  it("are read back as the inputs stand, where they mean the same", () => {
    const inputs = { teamAlias: "t", models: ["b", "a"], tpmLimit: 5, blocked: false };
    const row = {
      team_alias: "t",
      models: ["a", "b"],
      tpm_limit: "5",
      blocked: null,
      metadata: {},
      max_budget: null,
    };
    expect(fromApi(fields, row, inputs)).toEqual(inputs);
  });

  it("show what was changed by hand: other values, further ones, and missing ones", () => {
    const row = { team_alias: "u", models: [], max_budget: 7, blocked: true };
    expect(fromApi(fields, row, { teamAlias: "t", models: ["a"] })).toEqual({
      teamAlias: "u",
      maxBudget: 7,
      blocked: true,
    });
  });

  it("keep what LiteLLM does not tell", () => {
    expect(fromApi(fields, {}, { teamAlias: "t" })).toEqual({ teamAlias: "t" });
  });
});
