import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

describe("keys and teams that do not fit", () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      "a model that does not exist",
      { keys: [{ name: "k", models: ["tinylama"] }] },
      "`keys[0].models[0]`: no model `tinylama`; did you mean `tinyllama`?",
    ],
    [
      "a team's model that does not exist",
      { teams: [{ name: "t", models: ["nope"] }] },
      "`teams[0].models[0]`: no model `nope`; known: `tinyllama1`, `tinyllama2`, `tinyllama3`, `tinyllama`",
    ],
    [
      "a team that does not exist",
      { teams: [{ name: "red" }], keys: [{ name: "k", team: "rad" }] },
      "`keys[0].team`: no team `rad`; did you mean `red`?",
    ],
    [
      "a model that the team may not use",
      {
        teams: [{ name: "red", models: ["tinyllama"] }],
        keys: [{ name: "k", team: "red", models: ["tinyllama1"] }],
      },
      "`keys[0].models[0]`: its team `red` may not use `tinyllama1`",
    ],
    [
      "a name that is taken",
      { keys: [{ name: "k" }, { name: "k" }] },
      "`keys[1].name`: the name `k` is taken by `keys[0].name`; choose another",
    ],
    [
      "a value that is not set",
      { keys: [{ name: "k", value: "mineApiKey" }] },
      "`keys[0].value`: is not set: `pulumi config set --secret llm-stack:mineApiKey`",
    ],
    [
      "a bad time",
      { keys: [{ name: "k", duration: "soon" }] },
      "`keys[0].duration`: must be a number and a unit (`s`, `m`, `h`, `d`, `w`, `mo`), such as `30d`",
    ],
    [
      "an unknown setting",
      { keys: [{ name: "k", maxBudjet: 1 }] },
      "`keys[0].maxBudjet`: unknown key; did you mean `maxBudget`?",
    ],
    [
      "a negative price",
      {
        models: [
          {
            name: "m",
            targets: [{ provider: "openai", model: "m", apiKey: "none", apiBase: "http://a/v1" }],
            price: { input: -1, output: 0 },
          },
        ],
      },
      "`models[0].price.input`: must be at least 0",
    ],
  ])("%s", (_, raw, problem) => {
    expect(problemsOf(raw)).toContain(problem);
  });
});
