import { describe, expect, it } from "vitest";
import { goDuration } from "../../../infra/container.ts";
import { hostForClients } from "../../../infra/litellm-proxy.ts";
import { refusal } from "../../../infra/ownership.ts";
import { providerSecrets, sharedThreads } from "../../../infra/stack-inputs.ts";

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

it.each([
  [5, "5s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [3600, "1h0m0s"],
  [7265, "2h1m5s"],
])("writes %i seconds as Go does: %s", (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
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

it.each([
  ["127.0.0.1", "localhost"],
  ["0.0.0.0", "localhost"],
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "[2001:db8::1]"],
])("clients of a port bound to %s use %s", (bind, host) => {
  expect(hostForClients(bind)).toBe(host);
});

describe("refusal", () => {
  const volume = { kind: "volume", name: "litellm_postgres_data" } as const;

  it("lets a free name pass", () => {
    expect(refusal(undefined, "a", false)).toBeUndefined();
  });

  it("lets the stack's own objects pass, so that a replacement is possible", () => {
    expect(refusal({ ...volume, owner: "a" }, "a", false)).toBeUndefined();
  });

  it("refuses what another stack made, and names it with every way to fix it", () => {
    expect(refusal({ ...volume, owner: "b", state: "file:///other" }, "a", false)).toMatchInlineSnapshot(
      `"\`litellm_postgres_data\`: a volume of this name exists and is not in this stack's state; it belongs to the stack whose state is in \`file:///other\`. How to fix it: work from the folder of that stack; or set another \`namePrefix\` (and \`portOffset\`) for this one; or remove it with its data by \`docker volume rm litellm_postgres_data\`; or take it over by \`npm run up -- --adopt\`."`,
    );
  });

  it("refuses in the first preview, when this stack's own id is not known yet", () => {
    expect(refusal({ ...volume, owner: "b" }, undefined, false)).toContain("is not in this stack's state");
  });

  it("offers no take-over of a container", () => {
    const message = refusal({ kind: "container", name: "litellm" }, "a", true);
    expect(message).toContain("`docker rm -f litellm`");
    expect(message).not.toContain("--adopt");
  });

  it("lets a volume pass when the user asked to adopt", () => {
    expect(refusal(volume, "a", true)).toBeUndefined();
  });
});
