import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { DEATHS, type Death, die, leftProcesses, seeded } from "../support/deaths.ts";
import { OFFSETS } from "../support/offsets.ts";
import { ProxyClient } from "../support/proxy-client.ts";

// A run dies, at whatever moment and in whatever way, and the next `up` makes everything right. The tests build on each
// other, in order. `npm run test:long` lets more of them die, at other moments each time; it prints its seed, and
// LLM_STACK_TEST_SEED repeats it.

const long = process.env.LLM_STACK_TEST === "long";
const seed = Number(process.env.LLM_STACK_TEST_SEED ?? (long ? Date.now() % 1e6 : 1));
const random = seeded(seed);

const prefix = "die-";
const offset = OFFSETS.deaths;
const proxy = new ProxyClient(`http://localhost:${4444 + offset}`);
let price = 1;
const config = () => ({
  namePrefix: prefix,
  portOffset: offset,
  ollama: [{ name: "tinyllama1", threads: 1 }],
  models: [
    { name: "tinyllama", targets: [{ server: "tinyllama1", model: "tinyllama" }] },
    {
      name: "stored",
      store: "database",
      price: { input: price, output: price },
      targets: [{ server: "tinyllama1", model: "tinyllama" }],
    },
  ],
  teams: [{ name: "red", maxBudget: price }],
  keys: [
    { name: "agent", maxBudget: 100 + price },
    { name: "member", team: "red" },
  ],
  // A changed limit replaces the proxy.
  proxy: { memory: `${4000 + price}m` },
});

/** What a run does, and about how long it takes, in milliseconds. */
interface Run {
  readonly command: "up" | "down" | "destroy";
  readonly what: string;
  readonly takes: number;
  /** Brings the stack to where the run begins. */
  prepare(): Promise<unknown>;
}
let clone: Clone;
const RUNS: readonly Run[] = [
  { command: "up", what: "first up", takes: 17_000, prepare: () => clone.run("destroy", "--yes") },
  {
    command: "up",
    what: "up with a changed config",
    takes: 12_000,
    prepare: () => {
      price += 1;
      return clone.configure(config());
    },
  },
  { command: "down", what: "down", takes: 6000, prepare: async () => undefined },
  { command: "destroy", what: "destroy", takes: 6000, prepare: async () => undefined },
];

/** Each run dies in each way in turn, at a moment that is drawn. The first second does nothing yet. */
const cases = Array.from({ length: long ? 28 : 4 }, (_, number): [Run, Death, number] => {
  const run = RUNS[number % RUNS.length] as Run;
  return [run, DEATHS[(seed + number) % DEATHS.length] as Death, Math.round(1000 + random() * run.takes)];
});

beforeAll(async () => {
  console.log(`seed: ${seed}`);
  clone = await Clone.make(config());
});
afterAll(() => clone.remove());

interface LiteLlmKey {
  key_alias: string;
  spend: number;
  token: string;
}
const liteLlmKeys = async () =>
  ((await (await proxy.call("/key/list?return_full_object=true&size=100")).json()) as { keys: LiteLlmKey[] })
    .keys;
/** A key's spend as the database holds it. */
const spendOf = async (alias: string) =>
  (await liteLlmKeys()).find(({ key_alias }) => key_alias === alias)?.spend ?? 0;
const answers = async (path: string) => (await proxy.call(path)).json();

describe.each(cases)("a run", (run, death, ms) => {
  it(`${run.what}, ended after ${ms} ms by ${death}, leaves no process, and the next up makes everything right`, async () => {
    await run.prepare();
    const before =
      run.what === "first up" ? undefined : { outputs: await clone.outputs(), spend: await spendOf("agent") };
    const ended = await die(
      clone,
      [run.command, ...(run.command === "destroy" ? ["--", "--yes"] : [])],
      death,
      ms,
    );
    if (ended.inTime) console.log("It had ended before.");
    if (death !== "SIGKILL to everything")
      await expect.poll(() => leftProcesses(clone), { timeout: 40_000, message: ended.output }).toEqual([]);

    const { exitCode, all } = await clone.run("up", "--no-policy");
    expect(exitCode, `${ended.output}\n----\n${all}`).toBe(0);
    expect(all).toContain("2 deployments answer through the proxy");
    expect(leftProcesses(clone)).toEqual([]);

    const outputs = await clone.outputs();
    proxy.key = outputs.masterKey as string;
    const keys = outputs.keys as unknown as Record<string, string>;
    for (const model of ["tinyllama", "stored"])
      expect((await proxy.chat(model, keys.agent)).status, model).toBe(200);

    expect(Object.keys(await containerIds(prefix)).sort()).toEqual(
      ["litellm", "litellm_db", "tinyllama1"].map((name) => prefix + name),
    );
    const { stdout } = await clone.pulumi("stack", "export");
    expect(JSON.parse(stdout).deployment.pending_operations ?? []).toEqual([]);
    const found = (await liteLlmKeys()).map(({ key_alias }) => key_alias).filter(Boolean);
    expect(found.sort()).toEqual(["agent", "member"]);
    const teams = (await answers("/team/list")) as { team_alias: string }[];
    expect(teams.map(({ team_alias }) => team_alias)).toEqual(["red"]);
    const { data } = (await answers("/model/info")) as { data: { model_name: string }[] };
    const names = data.map(({ model_name }) => model_name).sort();
    // One of them was added as in the web UI, so that no state knows it. A `destroy` that dies loses all of the data or none.
    const isKept = names.includes("added");
    expect(names).toEqual([...(isKept ? ["added"] : []), "stored", "tinyllama"]);
    if (run.command !== "destroy") expect(isKept).toBe(before !== undefined);
    if (!isKept) {
      const target = { model: "ollama_chat/tinyllama", api_base: "http://tinyllama1:11434" };
      await proxy.call("/model/new", { model_name: "added", litellm_params: target });
    }
    const volumes = await docker("volume", "ls", "--quiet", "--filter", `name=^${prefix}`);
    expect(volumes.split("\n").sort()).toEqual([
      `${prefix}litellm_postgres_data`,
      `${prefix}tinyllama1_data`,
    ]);

    if (isKept && before !== undefined) {
      expect(outputs.masterKey).toBe(before.outputs.masterKey);
      expect(keys).toEqual(before.outputs.keys);
      expect(await spendOf("agent")).toBeGreaterThanOrEqual(before.spend);
    }
  });
});

it("a state that a machine without power left half-written is taken from one step before", async () => {
  const file = join(clone.dir, ".llm-stack/state/.pulumi/stacks/llm-stack/dev.json");
  const before = await clone.outputs();
  await truncate(file, 1000);
  const { exitCode, all } = await clone.run("down");
  expect(exitCode, all).toBe(0);
  expect(all).toContain("was broken: the state of one step before is taken");
  expect(await containerIds(prefix)).toEqual({});
  expect((await clone.outputs()).masterKey).toBe(before.masterKey);
});

it("a stack that never was is not destroyed, and those that there are are named", async () => {
  const { exitCode, all } = await clone.run("destroy", "--stack", "dve", "--yes");
  expect(exitCode).toBe(1);
  expect(all).toContain("`dve`: there is no such stack; there is `dev`");
});

it("destroy leaves a volume that somebody else made under a name of ours since", async () => {
  const volume = `${prefix}tinyllama1_data`;
  const state = join(clone.dir, ".llm-stack/state/.pulumi/stacks/llm-stack/dev.json");
  // As if the stack had made its own a day before.
  const text = await readFile(state, "utf8");
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  await writeFile(state, text.replaceAll(/"created": "[^"]*"/g, `"created": "${yesterday}"`));
  await docker("volume", "rm", volume);
  await docker("volume", "create", volume);
  const { all } = await clone.ok("destroy", "--yes");
  expect(all).toContain(`\`${volume}\` is left: it is not the volume that this stack made`);
  expect(await docker("volume", "ls", "--quiet", "--filter", `name=^${prefix}`)).toBe(volume);
  await docker("volume", "rm", volume);
});

it("it leaves nothing, and no secret in any copy of the state", async () => {
  expect(await containerIds(prefix)).toEqual({});
  expect(await docker("network", "ls", "--quiet", "--filter", `name=^${prefix}`)).toBe("");
  const files = await readdir(join(clone.dir, ".llm-stack/state"), { recursive: true, withFileTypes: true });
  expect(
    files.filter((file) => file.isFile() && file.name.startsWith("dev")).map(({ name }) => name),
  ).toEqual([]);
});
