import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findEndpoint, givenEndpoint } from "../../../agent/endpoint.ts";

describe("the endpoint that the environment names", () => {
  it("is none where nothing is set", () => {
    expect(givenEndpoint({})).toBeUndefined();
  });

  it.each([
    "http://localhost:4444",
    "http://localhost:4444/",
    "http://localhost:4444/v1",
    "http://localhost:4444/v1/",
  ])("has one form: %s", (url) => {
    expect(givenEndpoint({ LLM_STACK_URL: url, LLM_STACK_KEY: "sk-mine" })).toEqual({
      baseUrl: "http://localhost:4444/v1",
      key: "sk-mine",
    });
  });

  it.each([
    [{ LLM_STACK_URL: "nonsense", LLM_STACK_KEY: "sk-mine" }, /`LLM_STACK_URL` must be a URL/],
    [{ LLM_STACK_URL: "ftp://localhost", LLM_STACK_KEY: "sk-mine" }, /`LLM_STACK_URL` must be a URL/],
    [{ LLM_STACK_URL: "http://localhost:4444" }, /`LLM_STACK_KEY` is not: set it/],
    [{ LLM_STACK_URL: "http://localhost:4444", LLM_STACK_KEY: "" }, /`LLM_STACK_KEY` is empty/],
    [{ LLM_STACK_KEY: "sk-mine" }, /`LLM_STACK_URL` is not: set both, or none/],
  ])("is refused, and says how to fix it: %j", (env, message) => {
    expect(() => givenEndpoint(env)).toThrow(message);
    expect(() => givenEndpoint(env)).not.toThrow(/sk-mine/);
  });
});

describe("the endpoint of a stack", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "llm-stack-endpoint-"));
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  /** A `pulumi` whose outputs are these; a text is what it fails with. */
  async function pulumi(outputs: Record<string, string> | string): Promise<void> {
    const answer =
      typeof outputs === "string"
        ? `echo "error: ${outputs}" >&2; exit 1`
        : `echo '${JSON.stringify(outputs)}'`;
    const script = `#!/bin/sh\ncase "$1" in version) echo v3.220.0 ;; *) ${answer} ;; esac\n`;
    await writeFile(join(folder, "pulumi"), script);
    await chmod(join(folder, "pulumi"), 0o755);
  }
  const find = () => findEndpoint({ root: folder, stack: "dev", env: process.env });

  it("is its proxy, with the agent's own key", async () => {
    await pulumi({
      openaiBaseUrl: "http://localhost:4444/v1",
      agentKey: "sk-agent",
      masterKey: "sk-master",
    });
    expect(await find()).toEqual({ baseUrl: "http://localhost:4444/v1", key: "sk-agent" });
  });

  it.each([
    [
      "there is no such stack",
      "no stack named 'dev' found",
      /`dev` is not up \(no stack named 'dev' found\): `npm run up`/,
    ],
    ["it is not deployed", {}, /`dev` is not up \(it has no output `openaiBaseUrl`\): `npm run up`/],
    [
      "its config declares no key for the agent",
      { openaiBaseUrl: "http://localhost:4444/v1" },
      /has no key for the agent: declare one named `agent` in `keys` of `Pulumi.dev.yaml`/,
    ],
  ])("is told to be missing when %s", async (_, outputs, message) => {
    await pulumi(outputs);
    await expect(find()).rejects.toMatchObject({ kind: "notUp", message: expect.stringMatching(message) });
  });
});
