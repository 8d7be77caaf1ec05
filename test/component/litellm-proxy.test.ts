import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { LiteLlmProxy } from "../../infra/litellm-proxy.ts";
import { CONTAINER, common, onlyInputs, resolved, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("LiteLlmProxy", () => {
  it("gets its config as a file and its secrets as environment variables only", async () => {
    new LiteLlmProxy("proxy", {
      ...common,
      config: "model_list: []",
      masterKey: "sk-master",
      saltKey: "salt",
      databaseUrl: "postgresql://x",
      secretEnvironment: { GEMINI_API_KEY: pulumi.secret("g-key") },
    });
    const inputs = await onlyInputs(CONTAINER);
    expect(inputs).toMatchObject({
      name: "litellm",
      ports: [{ internal: 4000, external: 4444, ip: "127.0.0.1" }],
    });
    expect(inputs.command).toEqual(["--config", "/tmp/config.yml", "--port", "4000", "model_list: []"]);
    expect(JSON.stringify({ uploads: inputs.uploads, command: inputs.command })).not.toMatch(
      /sk-master|g-key/,
    );
    const envs = inputs.envs.value ?? inputs.envs;
    expect(envs).toEqual(
      expect.arrayContaining([
        "LITELLM_MASTER_KEY=sk-master",
        "LITELLM_SALT_KEY=salt",
        "GEMINI_API_KEY=g-key",
        "STORE_MODEL_IN_DB=True",
      ]),
    );
  });

  it("moves only its own port when it binds elsewhere", async () => {
    const proxy = new LiteLlmProxy("proxy", {
      ...common,
      config: "",
      masterKey: "sk-1",
      saltKey: "s",
      databaseUrl: "u",
      bind: "192.0.2.7",
      port: 8080,
    });
    expect(await resolved(proxy.url)).toBe("http://192.0.2.7:8080");
    expect((await onlyInputs(CONTAINER)).ports).toEqual([
      { internal: 4000, external: 8080, ip: "192.0.2.7" },
    ]);
  });
});
