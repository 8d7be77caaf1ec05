import { describe, expect, it } from "vitest";
import { Database } from "../../infra/database.ts";
import { LiteLlmProxy } from "../../infra/litellm-proxy.ts";
import { OllamaServer } from "../../infra/ollama-server.ts";
import { script } from "../../infra/scripts.ts";
import { CONTAINER, common, onlyInputs, registrations, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("every container", () => {
  it("is limited, hardened, restarted, stopped politely, and keeps its logs small", async () => {
    new Database("db", { ...common, password: "p" });
    new OllamaServer("o", { ...common, port: 1, models: [{ name: "m" }] });
    new LiteLlmProxy("proxy", { ...common, config: "", masterKey: "sk-1", saltKey: "s", databaseUrl: "u" });
    const containers = await registrations(CONTAINER);
    expect(containers).toHaveLength(3);
    for (const { inputs } of containers) {
      expect(inputs).toMatchObject({
        restart: "unless-stopped",
        securityOpts: ["no-new-privileges:true"],
        capabilities: { drops: ["ALL"] },
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
        networkMode: "bridge",
        wait: true,
      });
      expect(inputs.memory).toBeGreaterThan(0);
      expect(inputs.memorySwap).toBe(inputs.memory);
      expect(inputs.destroyGraceSeconds).toBeGreaterThan(0);
      expect(inputs.ulimits).toEqual([{ name: "nproc", soft: expect.any(Number), hard: expect.any(Number) }]);
      expect(inputs.healthcheck.tests[0]).toBe("CMD");
      for (const port of inputs.ports) expect(port.ip).toBe("127.0.0.1");
    }
  });

  it("is probed by a check that waits within, and at once on engines that would wait five seconds", async () => {
    new OllamaServer("old", { ...common, port: 1, models: [{ name: "m" }] });
    const before25 = (await onlyInputs(CONTAINER)).healthcheck;
    expect(before25).toMatchObject({ interval: "1s", timeout: "30s", retries: 3 });
    expect(before25).not.toHaveProperty("startInterval");
    const [, program, , text] = before25.tests;
    expect(program).toBe("/bin/bash");
    for (const name of ["ollama-health.sh", "probe.sh"]) expect(text).toContain(script(name));
  });

  it("is probed with a start interval on engines that know one", async () => {
    new OllamaServer("new", { ...common, engineVersion: "28.2.2", port: 1, models: [{ name: "m" }] });
    expect((await onlyInputs(CONTAINER)).healthcheck).toMatchObject({
      interval: "1s",
      startInterval: "500ms",
    });
  });
});
