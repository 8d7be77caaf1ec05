import { describe, expect, it } from "vitest";
import { unmanagedObjects, unmanagedSettings } from "../../../../cli/litellm/unmanaged.ts";

const declared = { general_settings: { store_model_in_db: true, disable_error_logs: true } };

it("settings that the file does not have are listed by name, never by value", () => {
  const stored = {
    general_settings: { store_model_in_db: true, alerting: ["slack"], max_parallel_requests: null },
    environment_variables: { SLACK_WEBHOOK_URL: "encrypted-value" },
  };
  const found = unmanagedSettings(declared, stored);
  expect(found.map(({ id, name }) => `${id}.${name}`)).toEqual([
    "general_settings.alerting",
    "environment_variables.SLACK_WEBHOOK_URL",
  ]);
  expect(JSON.stringify(found)).not.toContain("encrypted-value");
});

describe("unmanagedObjects", () => {
  const model = (id: string, db_model: boolean) => ({
    model_name: "m",
    litellm_params: { model: "ollama_chat/m" },
    model_info: { id, db_model },
  });

  it("are those of the database that are not in the state, without the web UI's own", () => {
    const live = {
      models: [model("file", false), model("declared", true), model("hand", true)],
      keys: [
        { token: "k1", key_alias: "agent" },
        { token: "k2", key_alias: null, key_name: "sk-...abcd" },
        { token: "k3", key_alias: null, key_name: "sk-...ui", team_id: "litellm-dashboard" },
      ],
      teams: [
        { team_id: "t1", team_alias: "red" },
        { team_id: "t2", team_alias: null },
      ],
    };
    const state = [
      { urn: "u1", type: "litellm:index:Model", id: "declared" },
      { urn: "u2", type: "litellm:index:Key", id: "k1" },
      { urn: "u3", type: "litellm:index:Team", id: "t1" },
      { urn: "u4", type: "docker:index/volume:Volume", id: "hand" },
    ];
    expect(unmanagedObjects(live, state).map(({ kind, name, id }) => [kind, name, id])).toEqual([
      ["model", "m (ollama_chat/m)", "hand"],
      ["key", "sk-...abcd", "k2"],
      ["team", "t2", "t2"],
    ]);
  });
});
