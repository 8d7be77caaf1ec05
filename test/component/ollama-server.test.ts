import { describe, expect, it } from "vitest";
import { OllamaServer } from "../../infra/ollama-server.ts";
import { CONTAINER, common, onlyInputs, startEmpty, VOLUME } from "../support/component-mocks.ts";

startEmpty();

describe("OllamaServer", () => {
  it("names its volume after its container and tells the start script of each model", async () => {
    new OllamaServer("s", {
      ...common,
      port: 11431,
      threads: 2,
      models: [
        { name: "tinyllama", gguf: "/host/m.gguf" },
        { name: "bge-m3:567m", mode: "embedding" },
      ],
    });
    expect((await onlyInputs(VOLUME)).name).toBe("s_data");
    const inputs = await onlyInputs(CONTAINER);
    expect(inputs.command).toEqual([
      "tinyllama|/models/tinyllama.gguf|chat|2",
      "bge-m3:567m|registry|embedding|2",
    ]);
    expect(inputs.volumes).toEqual([
      { volumeName: "s_data", containerPath: "/var/tmp" },
      { hostPath: "/host/m.gguf", containerPath: "/models/tinyllama.gguf", readOnly: true },
    ]);
    expect(inputs.envs).toEqual(
      expect.arrayContaining(["OLLAMA_KEEP_ALIVE=-1", "OLLAMA_MAX_LOADED_MODELS=2", "OLLAMA_NO_CLOUD=1"]),
    );
    expect(inputs).not.toHaveProperty("gpus");
  });

  it.each([
    ["all", "all"],
    [[0, 1], "device=0,1"],
  ] as const)("passes the GPUs %j on as %s, and then sets no threads", async (gpu, gpus) => {
    new OllamaServer("s", { ...common, port: 1, threads: 2, gpu, models: [{ name: "m" }] });
    expect(await onlyInputs(CONTAINER)).toMatchObject({ gpus, command: ["m|registry|chat|"] });
  });

  it("trusts a CA bundle besides the public authorities", async () => {
    new OllamaServer("s", { ...common, port: 1, models: [{ name: "m" }], caBundle: "PEM" });
    expect((await onlyInputs(CONTAINER)).envs).toContain("SSL_CERT_DIR=/llm-stack/ca");
    expect((await onlyInputs(CONTAINER)).uploads).toEqual([
      { file: "/llm-stack/ca/extra.pem", content: "PEM" },
    ]);
  });
});
