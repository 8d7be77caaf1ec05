import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../../cli/docker/stack-status.ts";
import type { Spend } from "../../cli/litellm/spend-report.ts";
import type { Drift } from "../../cli/output/drift.ts";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { OFFSETS } from "../support/offsets.ts";

// What drifts, and what was spent, on one stack that lives through this file. The tests build on each other, in order.

const prefix = "dr-";
const offset = OFFSETS.drift;
const base = `http://localhost:${4444 + offset}`;
const config = {
  namePrefix: prefix,
  portOffset: offset,
  ollama: [{ name: "tinyllama1", threads: 1 }],
  models: [
    {
      name: "priced",
      price: { input: 1000, output: 2000 },
      targets: [{ server: "tinyllama1", model: "tinyllama" }],
    },
  ],
};

let clone: Clone;
let masterKey: string;
let agentKey: string;

beforeAll(async () => {
  clone = await Clone.make(config);
});
afterAll(() => clone.remove());

async function api(path: string, body?: unknown, key = masterKey) {
  const answer = await fetch(`${base}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status, path).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: LiteLLM's answers, looked at by the assertions
  return (await answer.json()) as any;
}
const drift = async () => {
  const { exitCode, stdout, all } = await clone.run("drift", "--json");
  expect(all).not.toContain(masterKey);
  expect(all).not.toContain(agentKey);
  return { exitCode, found: JSON.parse(stdout) as Drift };
};
const state = () => readFile(join(clone.dir, ".llm-stack/state/.pulumi/stacks/llm-stack/dev.json"), "utf8");
const agent = async (): Promise<{ token: string; max_budget: number }> =>
  (await api("/key/list?return_full_object=true&key_alias=agent")).keys[0];

let used = 0;
let today: string;

describe("a stack that nobody touched", () => {
  it("has no drift: exit code 0", async () => {
    await clone.ok("up", "--no-policy");
    ({ masterKey, agentKey } = (await clone.outputs()) as { masterKey: string; agentKey: string });
    const { exitCode, found } = await drift();
    expect(found).toEqual({
      stack: "dev",
      deployed: true,
      drifted: false,
      changes: [],
      overridden: [],
      unmanaged: [],
      unchecked: [],
    });
    expect(exitCode).toBe(0);
  });

  it("answers the agent, at a price", async () => {
    for (let i = 0; i < 3; i++) {
      const messages = [{ role: "user", content: "Hi" }];
      const { usage } = await api(
        "/v1/chat/completions",
        { model: "priced", messages, max_tokens: 4 },
        agentKey,
      );
      used += usage.total_tokens;
    }
    today = new Date().toISOString().slice(0, 10);
  });
});

describe("what was changed by hand", () => {
  it("is named, each with what to do, and left as it is: exit code 1", async () => {
    await api("/key/update", { key: (await agent()).token, max_budget: 77 });
    await api("/key/generate", { key_alias: "made-in-ui" });
    await api("/model/new", {
      model_name: "added",
      litellm_params: { model: "ollama_chat/tinyllama", api_base: "http://tinyllama1:11434" },
    });
    await api("/config/update", { router_settings: { fallbacks: [{ priced: ["added"] }] } });
    await docker("stop", "--time", "2", `${prefix}tinyllama1`);
    const before = [await state(), await containerIds(prefix), (await agent()).max_budget];

    const { exitCode, found } = await drift();
    expect(exitCode).toBe(1);
    expect(found.changes).toMatchObject([
      { kind: "container", name: `${prefix}tinyllama1`, what: "changed", moved: "live" },
      {
        kind: "key",
        name: "agent",
        what: "changed",
        moved: "live",
        properties: [{ name: "maxBudget", declared: 10, live: 77 }],
        todo: "`npm run up` restores it",
      },
    ]);
    expect(found.overridden).toMatchObject([
      {
        section: "router_settings",
        held: "database",
        settings: [{ name: "fallbacks", declared: [], live: [{ priced: ["added"] }] }],
      },
    ]);
    expect(found.unmanaged.map(({ kind, name }) => [kind, name])).toEqual([
      ["model", "added (ollama_chat/tinyllama)"],
      ["key", "made-in-ui"],
    ]);
    expect(found.unchecked).toEqual([]);
    expect([await state(), await containerIds(prefix), (await agent()).max_budget]).toEqual(before);
  });

  it("is restored by `up`: a container, and in a second run, where all of them run, a key", async () => {
    await clone.ok("up", "--no-policy");
    expect((await agent()).max_budget).toBe(10);
    await api("/key/update", { key: (await agent()).token, max_budget: 78 });
    const { all } = await clone.ok("up", "--no-policy");
    expect(all).toContain("differs from what is declared: restoring it");
    expect((await agent()).max_budget).toBe(10);

    const { exitCode, found } = await drift();
    expect(found.changes).toEqual([]);
    expect(found.overridden).toHaveLength(1);
    expect(found.unmanaged).toHaveLength(2);
    expect(exitCode).toBe(1);
  });

  it("stands in the status too, which stays well", async () => {
    const { overridden, unmanaged } = JSON.parse((await clone.ok("status", "--json")).stdout) as Status;
    expect(overridden).toHaveLength(1);
    expect(unmanaged).toHaveLength(2);
  });
});

describe("spend", () => {
  it("tells cost, tokens and requests by key, by model and by day", async () => {
    // LiteLLM writes once a minute, and when it stops.
    await docker("restart", "--time", "30", `${prefix}litellm`);
    await expect
      .poll(
        () =>
          fetch(`${base}/health/readiness`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
    const spend: Spend = JSON.parse((await clone.ok("spend", "--json", "--days", "2")).stdout);
    const key = spend.keys.find(({ name }) => name === "agent");
    expect(key?.requests).toBe(3);
    expect(key?.tokens).toBe(used);
    expect(key?.cost).toBeCloseTo(
      ((key?.inputTokens ?? 0) * 1000 + (key?.outputTokens ?? 0) * 2000) / 1e6,
      9,
    );
    expect(key?.cost).toBeGreaterThan(0);
    for (const part of [spend.total, spend.models.find(({ name }) => name === "tinyllama")]) {
      expect(part?.cost).toBeGreaterThanOrEqual(key?.cost ?? Number.NaN);
      expect(part?.requests).toBeGreaterThanOrEqual(3);
    }
    expect(spend.keys.map(({ name }) => name).sort()).toEqual(["agent", "master key"]);
    expect(spend.days.find(({ date }) => date === today)?.requests).toBeGreaterThanOrEqual(3);
    expect((await clone.ok("spend")).stdout).toMatch(/^agent +\$0\.\d{6} +\d+ +\d+ +3 +0$/m);
  });

  it("refuses a number of days that is none", async () => {
    const { exitCode, all } = await clone.run("spend", "--days", "some");
    expect(exitCode).toBe(1);
    expect(all).toContain("`--days` is `some`; it must be a whole number from 1 to 3650");
  });
});

describe("a proxy that does not answer", () => {
  it("is told by drift, which still shows the rest", async () => {
    await docker("stop", "--time", "2", `${prefix}litellm`);
    const { exitCode, found } = await drift();
    expect(exitCode).toBe(1);
    expect(found.changes).toMatchObject([{ kind: "container", name: `${prefix}litellm`, moved: "live" }]);
    expect(found.overridden).toHaveLength(1);
    expect(found.unchecked).toMatchObject([{ reason: expect.stringContaining("does not answer") }]);
    const spend = await clone.run("spend");
    expect(spend.exitCode).toBe(1);
    expect(spend.all).toContain("does not answer");

    // The database's settings go as drift says.
    const statement = /`(docker exec [^`]*)`/.exec(found.overridden[0]?.todo ?? "")?.[1] ?? "";
    expect((await clone.exec("bash", ["-c", statement])).stdout).toBe("UPDATE 1");
    await clone.ok("up", "--no-policy");
  });

  it("and settings that were removed from the database, are no longer drift; unmanaged objects are listed", async () => {
    const { exitCode, found } = await drift();
    expect({ ...found, unmanaged: [] }).toMatchObject({
      drifted: false,
      changes: [],
      overridden: [],
      unchecked: [],
    });
    expect(found.unmanaged).toHaveLength(2);
    expect(exitCode).toBe(0);
  });
});

it("a drift check that fails ends with exit code 2", async () => {
  await clone.configure({ ...config, proxi: {} });
  const { exitCode, all } = await clone.run("drift");
  expect(exitCode).toBe(2);
  expect(all).toContain("did you mean `proxy`");
});
