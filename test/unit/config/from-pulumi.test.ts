import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stackConfigFromFiles } from "../../../config/from-files.ts";
import { stackConfigFromPulumi } from "../../../config/from-pulumi.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "llm-stack-config-"));
  mkdirSync(join(root, ".llm-stack"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  vi.restoreAllMocks();
});

const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const geminiEntry = "llm-stack:models: [{ name: g, targets: [{ provider: gemini, model: gemini-pro }] }]";

/** Makes this process what Pulumi makes of a program's. */
function asProgram(config: Record<string, string>, secrets: string[]) {
  pulumi.runtime.setMocks(
    { newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) },
    "llm-stack",
    "dev",
  );
  pulumi.runtime.setAllConfig(config, secrets);
}

describe("beside the program", () => {
  it("gives the default stack where there is no file", () => {
    expect(stackConfigFromFiles(root, "dev").ollama).toHaveLength(3);
  });

  it("reads the tracked file and Pulumi's own, whose secrets count by name", () => {
    write("Pulumi.dev.yaml", `config:\n  ${geminiEntry}\n`);
    write(
      ".llm-stack/Pulumi.dev.yaml",
      'encryptionsalt: v1:x\nconfig:\n  llm-stack:portOffset: "7"\n  llm-stack:geminiApiKey:\n    secure: v1:y\n',
    );
    const config = stackConfigFromFiles(root, "dev");
    expect(config.proxy.port).toBe(4451);
    expect(config.models[0]?.deployments[0]).toMatchObject({ secret: "geminiApiKey" });
  });

  it("looks for files in the project's folder", () => {
    write("ca.pem", "");
    write("Pulumi.dev.yaml", "config: { llm-stack:network: { caBundle: ca.pem } }");
    expect(stackConfigFromFiles(root, "dev").network.caBundle).toBe("ca.pem");
    rmSync(join(root, "ca.pem"));
    expect(() => stackConfigFromFiles(root, "dev")).toThrow("`network.caBundle`: there is no file `ca.pem`");
  });
});

describe("in the program", () => {
  it("gives the same config", () => {
    write("Pulumi.dev.yaml", `config:\n  ${geminiEntry}\n`);
    write(".llm-stack/Pulumi.dev.yaml", "config: { llm-stack:geminiApiKey: { secure: v1:y } }");
    asProgram({ "llm-stack:geminiApiKey": "AIza" }, ["llm-stack:geminiApiKey"]);
    expect(stackConfigFromPulumi(root)).toEqual(stackConfigFromFiles(root, "dev"));
  });

  it("checks the values of secrets, and shows none", () => {
    asProgram({ "llm-stack:masterKey": "hunter2" }, ["llm-stack:masterKey"]);
    expect(() => stackConfigFromPulumi(root)).toThrow("`masterKey`: must start with `sk-`");
    expect(() => stackConfigFromPulumi(root)).not.toThrow("hunter2");
  });

  it("refuses a secret that Pulumi holds in plain text", () => {
    asProgram({ "llm-stack:masterKey": "sk-4444" }, []);
    expect(() => stackConfigFromPulumi(root)).toThrow("`masterKey`: is a secret, but is set in plain text");
  });
});
