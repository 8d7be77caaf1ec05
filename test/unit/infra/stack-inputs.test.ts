import { describe, expect, it } from "vitest";
import { providerSecrets, sharedThreads, stateLocation } from "../../../infra/stack-inputs.ts";

describe("sharedThreads", () => {
  it.each([
    [3, 0, 2, 1],
    [3, 0, 8, 2],
    [1, 0, 8, 8],
    [1, 1, 8, 8],
    [0, 2, 8, 8],
  ])("gives %i CPU servers (beside %i with GPUs) on %i cores %i threads each", (cpu, gpu, cores, threads) => {
    const servers = [...Array(cpu).fill({}), ...Array(gpu).fill({ gpu: "all" })];
    expect(sharedThreads(servers, cores)).toBe(threads);
  });
});

it("names the secrets of providers once each, and none for a server without a key", () => {
  const target = (secret: string) => ({
    id: secret,
    tools: undefined,
    kind: "provider" as const,
    provider: "openai" as const,
    model: "m",
    secret,
  });
  const model = { name: "n", mode: "chat" as const, verify: false, store: "config" as const };
  expect(
    providerSecrets([{ ...model, deployments: [target("aApiKey"), target("aApiKey"), target("none")] }]),
  ).toEqual(["aApiKey"]);
});

describe("stateLocation", () => {
  it.each([
    [undefined, "Pulumi Cloud"],
    ["file:///home/me/llm-stack/.llm-stack/state", "file:///home/me/llm-stack/.llm-stack/state"],
    ["postgres://pulumi:hush@db:5432/state?sslmode=require", "postgres://db:5432/state"],
    ["https://api.pulumi.com", "https://api.pulumi.com/"],
    ["azblob://state?sas=hush", "azblob://state"],
    ["hush", "a back end whose address is not a URL"],
  ])("of %s is %s, without what opens it", (backend, location) =>
    expect(stateLocation(backend)).toBe(location));
});
