import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appliedMigrations, knownMigrations } from "../../cli/litellm/downgrade.ts";
import { prepareStandIn } from "../../from-source/stand-in.ts";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { OFFSETS } from "../support/offsets.ts";

// One stack goes from one LiteLLM to another, and back. The tests build on each other, in order.

const prefix = "upg-";
const offset = OFFSETS.upgrade;
const base = `http://localhost:${4444 + offset}`;
const OLD = "1.73.0";
const NEW = "1.106.2";

/** What a client sees of each refusal: the status and the `type` of the error. */
const REFUSALS = {
  [OLD]: {
    modelOutsideTheKey: [401, "key_model_access_denied"],
    spentBudget: [400, "budget_exceeded"],
    wrongKey: [401, "token_not_found_in_db"],
    unknownModel: [400, "None"],
    rateLimit: [429, "None"],
  },
  [NEW]: {
    modelOutsideTheKey: [403, "key_model_access_denied"],
    spentBudget: [422, "budget_exceeded"],
    wrongKey: [401, "token_not_found_in_db"],
    unknownModel: [400, "invalid_request_error"],
    rateLimit: [429, "throttling_error"],
  },
};

let clone: Clone;
let gguf: string;
let master: string;
let teamId: string;
/** Values of the keys that are made with the old version, by alias. */
const keys: Record<string, string> = {};

const configure = (version: string) =>
  clone.configure({
    namePrefix: prefix,
    portOffset: offset,
    ollama: [
      {
        name: "tinyllama1",
        threads: 1,
        models: ["tinyllama", { name: "embedder", gguf, mode: "embedding" }],
      },
    ],
    images: { source: "build", litellm: { version } },
  });

beforeAll(async () => {
  [clone, { gguf }] = await Promise.all([Clone.make({}), prepareStandIn(() => {})]);
});

afterAll(() => clone.remove());

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any call
  body: any;
}

async function call(path: string, body?: unknown, withKey = master): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${withKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A call that must succeed. */
async function ok(path: string, body?: unknown, withKey = master): Promise<Answer["body"]> {
  const answer = await call(path, body, withKey);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const question = (model: string) => ({
  model,
  messages: [{ role: "user", content: "Say hello." }],
  max_tokens: 8,
});
const chat = (model: string, withKey = master) => call("/v1/chat/completions", question(model), withKey);

async function newKey(alias: string, settings: Record<string, unknown>): Promise<string> {
  const { key } = await ok("/key/generate", { key_alias: alias, models: ["stored"], ...settings });
  keys[alias] = key;
  return key;
}

const refusal = ({ status, body }: Answer) => [status, body.error?.type];

async function refusals() {
  const limited = await newKey(`limited-${Date.now()}`, { rpm_limit: 1 });
  let rateLimit = await chat("stored", limited);
  // A window may end between two calls.
  for (let i = 0; i < 3 && rateLimit.status === 200; i++) rateLimit = await chat("stored", limited);
  return {
    modelOutsideTheKey: refusal(await chat("tinyllama", keys.worker)),
    spentBudget: refusal(await chat("stored", keys.spent)),
    wrongKey: refusal(await chat("tinyllama", "sk-wrong")),
    unknownModel: refusal(await chat("nonesuch")),
    rateLimit: refusal(rateLimit),
  };
}

/** What must be the same with every version. */
async function keyFacts(alias: string) {
  const list = await ok(`/key/list?return_full_object=true&size=100&key_alias=${alias}`);
  expect(list.keys).toHaveLength(1);
  const { token, key_alias, models, max_budget, spend, team_id, metadata } = list.keys[0];
  return { token, key_alias, models, max_budget, spend, team_id, metadata };
}

async function facts() {
  const { team_info: team } = await ok(`/team/info?team_id=${teamId}`);
  return {
    worker: await keyFacts("worker"),
    spent: await keyFacts("spent"),
    declared: await keyFacts("agent"),
    team: { alias: team.team_alias, models: team.models, max_budget: team.max_budget, spend: team.spend },
  };
}
let before: Awaited<ReturnType<typeof facts>>;

const version = () =>
  docker(
    "exec",
    `${prefix}litellm`,
    "python3",
    "-c",
    "import importlib.metadata as m; print(m.version('litellm'))",
  );

/** A volume of weights as it was left when model servers ran as root. */
async function weightsOfRoot(): Promise<void> {
  await clone.exec("node", ["cli/bootstrap.mjs", "prepare"]);
  const { images } = JSON.parse(await readFile(join(clone.dir, ".llm-stack/prepared.dev.json"), "utf8"));
  const volume = `${prefix}tinyllama1_data`;
  await docker("volume", "create", volume);
  const fill = "umask 077; mkdir -p /v/models /v/llm-stack; echo kept > /v/models/kept";
  await docker(
    ...[
      "run",
      "--rm",
      "--network",
      "none",
      "--user",
      "0",
      "--volume",
      `${volume}:/v`,
      "--entrypoint",
      "bash",
    ],
    ...[images.ollama.ref, "-c", fill],
  );
}

describe(`LiteLLM ${OLD}`, () => {
  it("comes up, and takes a team, keys with budgets and a stored model with a price", async () => {
    await configure(OLD);
    await weightsOfRoot();
    await clone.ok("up", "--no-policy", "--adopt");
    expect(await version()).toBe(OLD);
    master = (await clone.outputs()).masterKey as string;
    await docker(
      ...["exec", `${prefix}tinyllama1`, "bash", "-c"],
      `printf 'FROM tinyllama\nTEMPLATE """{{ .Tools }}{{ .Prompt }}"""' > /tmp/M && ollama create toolish -f /tmp/M`,
    );
    await ok("/model/new", {
      model_name: "stored",
      litellm_params: {
        model: "ollama_chat/toolish",
        api_base: "http://tinyllama1:11434",
        input_cost_per_token: 0.001,
        output_cost_per_token: 0.002,
      },
      model_info: { id: "stored@database" },
    });
    const team = { team_alias: "crew", models: ["stored", "tinyllama"], max_budget: 50 };
    teamId = (await ok("/team/new", team)).team_id;
    await newKey("worker", { team_id: teamId, max_budget: 5, metadata: { made: "before" } });
    await newKey("spent", { max_budget: 0.001 });
    for (const alias of ["worker", "spent"])
      await ok("/v1/chat/completions", question("stored"), keys[alias] as string);
  });

  it("has given a model server's user what belonged to root, and lost none of it", async () => {
    const look = "stat -c %u /var/tmp/models/kept && cat /var/tmp/models/kept && id -u";
    expect(await docker("exec", `${prefix}tinyllama1`, "bash", "-c", look)).toBe("65532\nkept\n65532");
  });

  it("tells refusals apart", async () => {
    await expect
      .poll(async () => (await chat("stored", keys.spent)).status, { timeout: 20_000 })
      .not.toBe(200);
    expect(await refusals()).toEqual(REFUSALS[OLD]);
  });

  it("writes what was spent to the database within 70 seconds", async () => {
    const spends = async () => {
      const { worker, spent, team } = await facts();
      return Math.min(worker.spend, spent.spend, team.spend);
    };
    await expect.poll(spends, { timeout: 90_000, interval: 1000 }).toBeGreaterThan(0);
    before = await facts();
    expect(before.worker).toMatchObject({ models: ["stored"], max_budget: 5, team_id: teamId });
    expect(before.spent.spend).toBeGreaterThan(0.001);
  });
});

describe(`LiteLLM ${NEW} over the same database`, () => {
  it("comes up by one command", async () => {
    await configure(NEW);
    await clone.ok("up", "--no-policy");
    expect(await version()).toBe(NEW);
  });

  it("knows every migration that it applied, as the check before the next `up` reads them", async () => {
    const known = await knownMigrations(
      await docker("inspect", "--format", "{{.Image}}", `${prefix}litellm`),
    );
    const applied = await appliedMigrations(`${prefix}litellm_db`);
    expect(applied.size).toBeGreaterThan(200);
    expect([...applied].filter((name) => !known.has(name))).toEqual([]);
  });

  it("has the same team and keys, with their ids, models, budgets and spend", async () => {
    expect(await facts()).toEqual(before);
  });

  it("answers a key of before on the stored model, and on the models of the config", async () => {
    for (const [model, key] of [
      ["stored", keys.worker],
      ["tinyllama", master],
    ] as const) {
      const { body } = await chat(model, key);
      expect(body.choices?.[0].message.content, JSON.stringify(body)).toBeTruthy();
    }
    const { data } = await ok("/v1/embeddings", { model: "embedder", input: "a container" });
    expect(data[0].embedding.length).toBeGreaterThan(100);
    expect((await ok("/models")).data.map(({ id }: { id: string }) => id).sort()).toEqual([
      "embedder",
      "stored",
      "tinyllama",
    ]);
  });

  it("keeps a spent budget spent, and tells refusals apart", async () => {
    expect(await refusals()).toEqual(REFUSALS[NEW]);
  });

  it("knows from the servers themselves which models call tools", async () => {
    const tools = async (model: string) =>
      (await ok("/model/info")).data.find((entry: { model_name: string }) => entry.model_name === model)
        ?.model_info.supports_function_calling;
    await expect.poll(() => tools("stored"), { timeout: 20_000 }).toBe(true);
    expect(await tools("tinyllama")).toBe(false);
  });

  it("serves the web UI with its scripts", async () => {
    const page = await (await fetch(`${base}/ui/`)).text();
    const [script] = /[^"]+\/_next\/[^"]+\.js/.exec(page) ?? [];
    expect((await fetch(`${base}${script}`)).status).toBe(200);
  });

  it("starts with the query engine that was started early", async () => {
    const processes = await docker("top", `${prefix}litellm`, "-eo", "pid,args");
    // Prisma's client would give it further arguments.
    expect(processes.split("\n").filter((line) => line.includes("query-engine.cjs"))).toEqual([
      expect.stringMatching(/query-engine\.cjs -p \d+$/),
    ]);
  });
});

describe("the way back", () => {
  it(`to ${OLD} is refused at once, and the proxy goes on as it was`, async () => {
    const running = await containerIds(prefix);
    await configure(OLD);
    const { exitCode, all } = await clone.run("up");
    expect(exitCode).toBe(1);
    expect(all).toContain(`\`images.litellm\` (${OLD}): the database is of a newer LiteLLM than this one`);
    expect(all).toContain("Deploy the newer version again, or restore a backup");
    expect(await containerIds(prefix)).toEqual(running);
    expect((await chat("stored", keys.worker)).status).toBe(200);
  });

  it("is refused by the proxy's own start too, which plain pulumi comes to", async () => {
    const prepared = JSON.parse(await readFile(join(clone.dir, ".llm-stack/prepared.dev.json"), "utf8"));
    const url = await docker("exec", `${prefix}litellm`, "printenv", "DATABASE_URL");
    const start = ["--network", `${prefix}llm-stack`, "--entrypoint", "/opt/llm-stack/migrate"];
    await expect(
      docker("run", "--rm", ...start, "--env", `DATABASE_URL=${url}`, prepared.images.litellm.ref),
    ).rejects.toThrow("the database is of a newer LiteLLM than this one");
  });

  it(`has cost nothing: ${NEW} comes up again with everything`, async () => {
    await configure(NEW);
    await clone.ok("up", "--no-policy");
    const { worker, ...others } = await facts();
    expect(others).toMatchObject({ spent: before.spent, declared: before.declared });
    expect(worker).toMatchObject({ ...before.worker, spend: expect.any(Number) });
    expect(worker.spend).toBeGreaterThanOrEqual(before.worker.spend);
    expect(refusal(await chat("stored", keys.spent))).toEqual(REFUSALS[NEW].spentBudget);
    expect((await chat("stored", keys.worker)).status).toBe(200);
  });
});
