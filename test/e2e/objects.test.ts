import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { lossyProxy } from "../support/lossy-proxy.ts";
import { OFFSETS } from "../support/offsets.ts";
import { OtherProgram, project } from "../support/other-program.ts";

// LiteLLM's keys, teams, budgets and models as resources, on one stack that lives through this file. The tests build
// on each other, in order.

const prefix = "obj-";
const offset = OFFSETS.objects;
const base = `http://localhost:${4444 + offset}`;
const config = {
  namePrefix: prefix,
  portOffset: offset,
  ollama: [{ name: "tinyllama1", threads: 1 }],
  models: [
    { name: "tinyllama1", targets: [{ server: "tinyllama1", model: "tinyllama" }] },
    {
      name: "stored",
      store: "database",
      price: { input: 100_000, output: 100_000 },
      targets: [{ server: "tinyllama1", model: "tinyllama" }],
    },
  ],
  teams: [{ name: "red", models: ["stored"], maxBudget: 5 }],
  keys: [
    { name: "agent", maxBudget: 10, budgetDuration: "30d", rpmLimit: 1000, models: ["tinyllama1"] },
    { name: "member", team: "red" },
    { name: "poor", maxBudget: 0.1, models: ["stored"] },
    { name: "slow", rpmLimit: 1 },
  ],
};

let clone: Clone;
let masterKey: string;
let keys: Record<string, string>;
let values: string[];

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
  // biome-ignore lint/suspicious/noExplicitAny: LiteLLM's answers, looked at by the assertions
  return { status: answer.status, body: (await answer.json()) as any };
}
const chat = (model: string, key: string) =>
  api("/v1/chat/completions", { model, messages: [{ role: "user", content: "Hi" }], max_tokens: 4 }, key);
const info = async (key: string) => {
  const hash = createHash("sha256").update(key).digest("hex");
  const { status, body } = await api(`/key/info?key=${hash}`);
  return status === 200 ? body.info : undefined;
};
const objects = async () => {
  const { stdout } = await clone.pulumi("stack", "export");
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { urn: string; type: string; id: string }[] };
  };
  return deployment.resources
    .filter(({ type }) => type.startsWith("litellm:"))
    .map(({ urn, id }) => `${urn.split("::").at(-1)} ${id}`)
    .sort();
};

describe("from nothing", () => {
  it("are shown by a preview before there is a proxy", async () => {
    const { all } = await clone.ok("preview");
    expect(all).toContain("litellm:index:Key: (create)");
    expect(all).toContain("litellm:index:Model: (create)");
    expect(await containerIds(prefix)).toEqual({});
  });

  it("come up with the stack", async () => {
    const { all } = await clone.ok("up");
    expect(all).toContain("2 deployments answer through the proxy");
    const outputs = await clone.outputs();
    masterKey = outputs.masterKey as string;
    keys = outputs.keys as unknown as Record<string, string>;
    values = Object.values(keys);
    expect(keys.agent).toBe(outputs.agentKey);
    expect(Object.keys(keys).sort()).toEqual(["agent", "member", "poor", "slow"]);
    for (const value of values) expect(all).not.toContain(value);
  });

  it("stand in no file of the state in plain text", async () => {
    const folder = join(clone.dir, ".llm-stack");
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), "utf8");
      for (const secret of [masterKey, ...values]) expect(text.includes(secret), entry.name).toBe(false);
    }
  });

  it("change nothing in a second run, with and without refresh", async () => {
    await clone.pulumi("preview", "--expect-no-changes");
    await clone.pulumi("preview", "--expect-no-changes", "--refresh");
  });
});

describe("what keys may do", () => {
  it("is to use the models of their list, and no other", async () => {
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(200);
    const refused = await chat("stored", keys.agent ?? "");
    expect(refused.body.error.type).toBe("key_model_access_denied");
    expect((await api("/key/list", undefined, keys.agent)).status).toBeGreaterThanOrEqual(400);
  });

  it("is what their team may do, when they have no list of their own", async () => {
    expect((await chat("stored", keys.member ?? "")).status).toBe(200);
    expect((await chat("tinyllama1", keys.member ?? "")).body.error.type).toBe("team_model_access_denied");
  });

  it("ends at the rate limit", async () => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await chat("tinyllama1", keys.slow ?? "")).status);
    expect(statuses).toContain(429);
  });

  it("ends when the budget is spent", async () => {
    let answer = await chat("stored", keys.poor ?? "");
    expect(answer.status).toBe(200);
    for (let i = 0; i < 20 && answer.status === 200; i++) {
      await sleep(200);
      answer = await chat("stored", keys.poor ?? "");
    }
    expect(answer.body.error.type).toBe("budget_exceeded");
  });
});

describe("down and up", () => {
  it("keep every object, its id, its value and what it spent; a spent key stays spent", async () => {
    const before = await objects();

    // Right away: what LiteLLM has not written yet, as it does once a minute, must not be lost.
    await clone.ok("down");
    expect(await objects()).toEqual(before);
    await clone.ok("up", "--no-policy");

    expect(await objects()).toEqual(before);
    expect((await clone.outputs()).keys).toEqual(keys);
    expect((await info(keys.poor ?? "")).spend).toBeGreaterThan(0.1);
    expect((await chat("stored", keys.poor ?? "")).body.error.type).toBe("budget_exceeded");
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(200);
  });
});

describe("changes", () => {
  it("of a key and of a stored model happen in place, and the config's models answer right after", async () => {
    const before = { objects: await objects(), containers: await containerIds(prefix) };
    const [first, stored] = config.models;
    await clone.configure({
      ...config,
      models: [first, { ...stored, price: { input: 1, output: 2 } }],
      keys: config.keys.map((key) => (key.name === "agent" ? { ...key, maxBudget: 20, blocked: true } : key)),
    });
    await clone.pulumi("up", "--yes", "--skip-preview");

    expect((await chat("tinyllama1", masterKey)).status).toBe(200);
    expect((await chat("stored", masterKey)).status).toBe(200);
    expect(await objects()).toEqual(before.objects);
    expect(await containerIds(prefix)).toEqual(before.containers);
    expect(await info(keys.agent ?? "")).toMatchObject({ max_budget: 20, blocked: true });
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(401);
  });

  it("taken back, and a limit taken away, are undone in LiteLLM", async () => {
    const keyList = config.keys.map(({ maxBudget: _, ...key }) => (key.name === "agent" ? key : { ...key }));
    await clone.configure({ ...config, keys: keyList });
    await clone.pulumi("up", "--yes", "--skip-preview");
    expect(await info(keys.agent ?? "")).toMatchObject({ max_budget: null, blocked: false });
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(200);
  });

  it("that somebody makes elsewhere are seen by a refresh and undone", async () => {
    const hash = createHash("sha256")
      .update(keys.agent ?? "")
      .digest("hex");
    await clone.configure(config);
    await api("/key/update", { key: hash, max_budget: 77 });
    await api("/key/delete", {
      keys: [
        createHash("sha256")
          .update(keys.slow ?? "")
          .digest("hex"),
      ],
    });
    const { all } = await clone.pulumi("preview", "--refresh", "--diff");
    expect(all).toContain("77");
    await clone.pulumi("up", "--yes", "--skip-preview", "--refresh");
    expect(await info(keys.agent ?? "")).toMatchObject({ max_budget: 10 });
    keys = (await clone.outputs()).keys as unknown as Record<string, string>;
    expect(await info(keys.slow ?? "")).toMatchObject({ key_alias: "slow", rpm_limit: 1 });
  });
});

describe("trouble", () => {
  it("a replaced proxy, and one that was removed by hand, cost no object", async () => {
    const before = await objects();
    await clone.ok("up", "--no-policy", "--recreate", "litellm");
    expect(await objects()).toEqual(before);

    await docker("rm", "--force", `${prefix}litellm`);
    const { all } = await clone.ok("up", "--no-policy");
    expect(all).toContain("What is known of it is kept");
    expect(await objects()).toEqual(before);
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(200);
  });

  it("a new master key that was killed half-way is finished by the next run", async () => {
    const before = await objects();
    const next = "sk-rotated-master-key";
    await clone.pulumi("config", "set", "--secret", "llm-stack:masterKey", next);
    const old = (await containerIds(prefix))[`${prefix}litellm`];
    const run = execa("npm", ["run", "up"], {
      cwd: clone.dir,
      detached: true,
      reject: false,
      env: { PULUMI_STACK: undefined },
    });
    while ((await containerIds(prefix))[`${prefix}litellm`] === old) await sleep(50);
    process.kill(-(run.pid as number), "SIGKILL");
    await run;

    const { all } = await clone.ok("up");
    expect(all).not.toContain(next);
    masterKey = next;
    expect(await objects()).toEqual(before);
    expect((await clone.outputs()).keys).toEqual(keys);
    expect((await chat("tinyllama1", keys.agent ?? "")).status).toBe(200);
    expect((await chat("stored", masterKey)).status).toBe(200);
  });
});

describe("another program", () => {
  let other: OtherProgram;

  beforeAll(async () => {
    other = await OtherProgram.make();
  });
  afterAll(() => other.remove());

  const pulumi = (...args: string[]) => other.pulumi(args, { MASTER_KEY: masterKey });
  const program = (body: string) =>
    other.write(`import { Budget, Key, Model, Provider, Team } from "${project}/provider/resources.ts";
const provider = new Provider("proxy", { endpoint: "${base}", masterKey: process.env.MASTER_KEY! });
const opts = { provider };
${body}`);
  const ours = "sk-a-value-of-our-own";

  it.each([
    [
      `new Key("k", { keyAlias: "", maxBudget: -1, duration: "soon", key: "hush", modles: [] } as any, opts);`,
      [
        "property keyAlias value",
        "property maxBudget value",
        "property duration value",
        "`modles` is not a property",
        "`key` must start",
      ],
    ],
    [
      `new Model("m", { modelName: "m", model: "openai/m", params: { api_key: "hush", model: "y" } }, opts);`,
      ["property params.api_key value", "property params.model value"],
    ],
  ])("is told all that is wrong with an object at once, at preview: %s", async (body, places) => {
    await program(body);
    const { all = "" } = await pulumi("preview").catch((error) => error);
    for (const place of places) expect(all).toContain(place);
    expect(all).not.toContain("hush");
  });

  it("makes, changes and removes a budget, a team, and a key of a value of its own", async () => {
    await program(`
const budget = new Budget("b", { maxBudget: 3, rpmLimit: 5 }, opts);
const team = new Team("t", { teamAlias: "theirs" }, opts);
const key = new Key("k", { keyAlias: "theirs", budgetId: budget.id, teamId: team.id, key: "${ours}" }, opts);
export const budgetId = budget.id; export const teamId = team.id;`);
    await pulumi("up", "--yes", "--skip-preview");
    const { stdout } = await pulumi("stack", "output", "--json");
    const { budgetId, teamId } = JSON.parse(stdout);
    expect(await info(ours)).toMatchObject({ key_alias: "theirs", budget_id: budgetId, team_id: teamId });

    // LiteLLM cannot take a limit of a budget away: another budget takes its place, the key moves, the old one goes.
    await program(`
const budget = new Budget("b", { maxBudget: 4 }, opts);
const key = new Key("k", { keyAlias: "theirs", budgetId: budget.id, key: "${ours}" }, opts);
export const budgetId = budget.id;`);
    await pulumi("up", "--yes", "--skip-preview");
    const moved = JSON.parse((await pulumi("stack", "output", "--json")).stdout).budgetId;
    expect(moved).not.toBe(budgetId);
    expect(await info(ours)).toMatchObject({ budget_id: moved, team_id: null });
    const { body } = await api("/budget/list");
    expect(body).toMatchObject([{ budget_id: moved, max_budget: 4, rpm_limit: null }]);
    expect((await api(`/team/info?team_id=${teamId}`)).status).toBe(404);

    await pulumi("destroy", "--yes", "--skip-preview");
    expect(await info(ours)).toBeUndefined();
  });

  it("imports a key by its hash, with its value, and refuses to make one that exists", async () => {
    await api("/key/generate", { key: ours, key_alias: "by hand", max_budget: 2 });
    const hash = createHash("sha256").update(ours).digest("hex");
    await program(`new Key("k", { keyAlias: "by hand", maxBudget: 2, key: "${ours}" }, opts);`);
    const { all = "" } = await pulumi("up", "--yes").catch((error) => error);
    expect(all).toContain(`this key exists already. Import it (\`import: "${hash}"\`)`);
    expect(all).not.toContain(ours);

    await program(
      `const key = new Key("k", { keyAlias: "by hand", maxBudget: 2, key: "${ours}" }, { provider, import: "${hash}" });
export const value = key.key;`,
    );
    await pulumi("up", "--yes", "--skip-preview");
    expect((await pulumi("stack", "output", "value", "--show-secrets")).stdout).toBe(ours);
    await pulumi("preview", "--expect-no-changes", "--refresh");
    await pulumi("destroy", "--yes", "--skip-preview");
  });

  it("knows what LiteLLM made when the answers are lost, and makes in the next run what never arrived", async () => {
    const lossy = await lossyProxy(base);
    const body = (
      limit: number,
    ) => `import { Budget, Key, Model, Provider, Team } from "${project}/provider/resources.ts";
const provider = new Provider("proxy", { endpoint: "${lossy.url}", masterKey: process.env.MASTER_KEY! });
const opts = { provider };
new Budget("b", { maxBudget: ${limit} }, opts);
new Team("t", { teamAlias: "lossy", maxBudget: ${limit} }, opts);
new Key("k", { keyAlias: "lossy", maxBudget: ${limit} }, opts);
new Model("m", { modelName: "lossy", model: "ollama_chat/tinyllama", params: { rpm: ${limit} } }, opts);`;
    const made = async () => ({
      keys: (await api("/key/list?return_full_object=true&key_alias=lossy")).body.keys.map(
        ({ max_budget }: { max_budget: number }) => max_budget,
      ),
      teams: (await api("/team/list")).body
        .filter(({ team_alias }: { team_alias: string }) => team_alias === "lossy")
        .map(({ max_budget }: { max_budget: number }) => max_budget),
      models: (await api("/model/info")).body.data
        .filter(({ model_name }: { model_name: string }) => model_name === "lossy")
        .map(({ litellm_params }: { litellm_params: { rpm: number } }) => litellm_params.rpm),
      budgets: (await api("/budget/list")).body.map(({ max_budget }: { max_budget: number }) => max_budget),
    });
    const each = (value: number) => ({ keys: [value], teams: [value], models: [value], budgets: [value] });
    try {
      await other.write(body(5));
      for (const path of ["/key/generate", "/model/new"]) lossy.lose.add(path);
      for (const path of ["/team/new", "/budget/new"]) lossy.drop.add(path);
      let told = "";
      for (let runs = 0; lossy.lose.size + lossy.drop.size > 0 && runs < 4; runs++)
        told += (await pulumi("up", "--yes", "--skip-preview").catch((error) => error)).all;
      expect(told).toContain("`POST /team/new` got no answer");
      expect([...lossy.lose, ...lossy.drop]).toEqual([]);
      await pulumi("up", "--yes", "--skip-preview");
      expect(await made()).toEqual(each(5));

      await other.write(body(6));
      for (const path of ["/key/update", "/model/new", "/team/update", "/budget/update"])
        lossy.lose.add(path);
      // Pulumi begins nothing more after a failure, so that later answers are lost in later runs.
      for (let runs = 0; lossy.lose.size > 0 && runs < 4; runs++)
        await pulumi("up", "--yes", "--skip-preview").catch((error) => error);
      expect([...lossy.lose]).toEqual([]);
      await pulumi("up", "--yes", "--skip-preview");
      expect(await made()).toEqual(each(6));

      for (const path of ["/key/delete", "/model/delete", "/team/delete", "/budget/delete"])
        lossy.lose.add(path);
      for (let runs = 0; lossy.lose.size > 0 && runs < 4; runs++)
        await pulumi("destroy", "--yes", "--skip-preview").catch((error) => error);
      expect([...lossy.lose]).toEqual([]);
      await pulumi("destroy", "--yes", "--skip-preview");
      expect(await made()).toEqual({ keys: [], teams: [], models: [], budgets: [] });
    } finally {
      await lossy.close();
    }
  });

  it("is the example of the provider alone, which makes a key, and takes it away again", async () => {
    const example = await OtherProgram.example("provider");
    try {
      await example.configure({ endpoint: base });
      await example.pulumi(["config", "set", "--secret", "masterKey", masterKey]);
      await example.pulumi(["up", "--yes", "--skip-preview"]);
      const { stdout: key } = await example.pulumi(["stack", "output", "notebookKey", "--show-secrets"]);
      expect(await info(key)).toMatchObject({ key_alias: "notebook" });
      await example.pulumi(["destroy", "--yes", "--skip-preview"]);
      expect(await info(key)).toBeUndefined();
    } finally {
      await example.remove();
    }
  });

  it("is told LiteLLM's own words when LiteLLM refuses", async () => {
    await program(`new Key("k", { keyAlias: "agent" }, opts);`);
    const { all = "" } = await pulumi("up", "--yes", "--skip-preview").catch((error) => error);
    expect(all).toMatch(/`POST \/key\/generate` was answered with 400: .*alias.*agent/i);
  });
});

describe("the end", () => {
  it("a key that is taken out of the config works no more", async () => {
    await clone.configure({ ...config, keys: config.keys.filter(({ name }) => name !== "member") });
    await clone.pulumi("up", "--yes", "--skip-preview");
    expect(await info(keys.member ?? "")).toBeUndefined();
    expect((await chat("stored", keys.member ?? "")).status).toBe(401);
  });

  it("destroy needs no proxy", async () => {
    await docker("rm", "--force", `${prefix}litellm`);
    await clone.ok("destroy", "--yes");
    expect(await docker("volume", "ls", "--quiet", "--filter", `name=${prefix}`)).toBe("");
    expect(await containerIds(prefix)).toEqual({});
  });
});
