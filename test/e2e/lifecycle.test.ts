import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { OFFSETS } from "../support/offsets.ts";
import { ProxyClient } from "../support/proxy-client.ts";

// The default stack lives through this file, from nothing to nothing, with names and ports of its own, so that it can
// run beside a stack that is in use. The tests build on each other, in order.

const prefix = "life-";
const offset = OFFSETS.lifecycle;
const servers = ["tinyllama1", "tinyllama2", "tinyllama3"].map((name) => ({ name }));
const own = { namePrefix: prefix, portOffset: offset };
const proxy = new ProxyClient(`http://localhost:${4444 + offset}`);

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make({ ...own, ollama: servers });
});

afterAll(() => clone.remove());

describe("the policy pack, before anything is there", () => {
  const lan = { ...own, ollama: servers, network: { bind: "0.0.0.0" } };

  it("refuses known vulnerabilities beyond loopback, and touches nothing", async () => {
    await clone.configure(lan);
    const { exitCode, all } = await clone.run("up");
    expect(exitCode).toBe(1);
    expect(all).toMatch(/\[mandatory\].*proxy-on-loopback/);
    expect(all).toMatch(/\[mandatory\].*litellm-published-version/);
    expect(all).toContain("CVE-2026-49468");
    expect(await containerIds(prefix)).toEqual({});
    expect(await docker("volume", "ls", "--quiet", "--filter", `name=^${prefix}`)).toBe("");
  });

  it("tells the same to people, to programs and to code hosts, by its exit code too", async () => {
    const { exitCode, stdout } = await clone.run("policy", "--json", "--sarif", ".llm-stack/policy.sarif");
    expect(exitCode).toBe(1);
    const { passed, violations } = JSON.parse(stdout) as {
      passed: boolean;
      violations: { level: string; rule: string }[];
    };
    expect(passed).toBe(false);
    const mandatory = violations.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
    expect(mandatory.sort()).toEqual(["litellm-published-version", "proxy-on-loopback"]);
    const log = JSON.parse(await readFile(join(clone.dir, ".llm-stack/policy.sarif"), "utf8"));
    const errors = log.runs[0].results.filter(({ level }: { level: string }) => level === "error");
    expect(errors.map(({ ruleId }: { ruleId: string }) => ruleId).sort()).toEqual(mandatory);
  });

  it("refuses policy config that names an unknown rule, with exit code 2", async () => {
    await clone.configurePolicies({ "proxy-on-lopback": "disabled" });
    const { exitCode, all } = await clone.run("policy");
    expect(exitCode).toBe(2);
    expect(all).toContain("`proxy-on-lopback`: there is no such rule; did you mean `proxy-on-loopback`?");
    expect((await clone.run("up")).all).toContain("did you mean `proxy-on-loopback`?");
  });

  it("lets through what is exempt, and prints the reason", async () => {
    const reason = "behind a firewall until the upgrade in March";
    await clone.configurePolicies({
      "proxy-on-loopback": { addresses: ["0.0.0.0"] },
      "litellm-published-version": { exempt: [{ resource: "proxy", reason }] },
    });
    const { exitCode, all } = await clone.run("policy");
    expect(all).toMatch(new RegExp(`exempt +litellm-published-version +proxy +${reason}`));
    expect(exitCode).toBe(0);
    await clone.configurePolicies(undefined);
    await clone.configure({ ...own, ollama: servers });
  });
});

describe("from nothing", () => {
  it("comes up by one command, verifies every deployment and prints a real answer", async () => {
    const { exitCode, all } = await clone.exec("npm", ["run", "up"]);
    expect(exitCode, all).toBe(0);
    expect(all).toContain("6 deployments answer through the proxy");
    expect(all).toContain(`${proxy.base}/v1`);
    proxy.key = (await clone.outputs()).masterKey as string;
    expect(proxy.key).toMatch(/^sk-/);
    expect(all).not.toContain(proxy.key);
  });

  it("leaves the git tree clean", async () => {
    expect((await clone.exec("git", ["status", "--porcelain"])).stdout).toBe("");
  });

  it("keeps its secrets out of the state in plain text, and its folder to the owner", async () => {
    const outputs = await clone.outputs();
    const password = new URL(outputs.databaseUrl as string).password;
    const folder = join(clone.dir, ".llm-stack");
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), "utf8");
      expect(text.includes(proxy.key) || text.includes(password), entry.name).toBe(false);
    }
    expect((await stat(join(folder, "passphrase"))).mode & 0o777).toBe(0o600);
  });

  it("passes every mandatory rule; docs/policies.md explains what is advised", async () => {
    const { stdout } = await clone.ok("policy", "--json");
    const { violations } = JSON.parse(stdout) as { violations: { level: string; rule: string }[] };
    const page = await readFile(join(clone.dir, "docs/policies.md"), "utf8");
    expect([...new Set(violations.map(({ level }) => level))]).toEqual(["advisory"]);
    const advised = [...new Set(violations.map(({ rule }) => rule))];
    expect(advised.length).toBeLessThan(6);
    for (const rule of advised) expect(page).toContain(`\`${rule}\``);
  });

  it("refuses what policy config makes mandatory, and deploys with --no-policy, which changes nothing here", async () => {
    await clone.configurePolicies({ "litellm-current-version": "mandatory" });
    const refused = await clone.run("up");
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toMatch(/\[mandatory\].*litellm-current-version/);
    const before = await containerIds(prefix);
    const { all } = await clone.ok("up", "--no-policy");
    expect(all).not.toContain("Policies:");
    expect(await containerIds(prefix)).toEqual(before);
    await clone.configurePolicies(undefined);
  });

  it("changes nothing in a second run, with and without refresh", async () => {
    await clone.pulumi("preview", "--expect-no-changes");
    await clone.pulumi("preview", "--expect-no-changes", "--refresh");
  });
});

describe("the calls that users make today", () => {
  it("lists the models", async () => {
    expect(await proxy.models()).toEqual(["tinyllama", "tinyllama1", "tinyllama2", "tinyllama3"]);
  });

  it("answers a chat on one server", async () => {
    const answer = (await (await proxy.chat("tinyllama1")).json()) as OpenAI.ChatCompletion;
    expect(answer.choices[0]?.message.content).toBeTruthy();
  });

  it("says that it is alive", async () => {
    expect((await fetch(`${proxy.base}/health/liveliness`)).status).toBe(200);
  });

  it("refuses a wrong key", async () => {
    expect((await proxy.chat("tinyllama1", "sk-wrong")).status).toBe(401);
  });

  it("serves the web UI", async () => {
    const page = await fetch(`${proxy.base}/ui/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<html");
  });

  it("balances `tinyllama` over all three servers", async () => {
    const reached = new Set<string | null>();
    for (let i = 0; i < 30 && reached.size < 3; i++)
      reached.add((await proxy.chat("tinyllama")).headers.get("x-litellm-model-id"));
    expect([...reached].sort()).toEqual([
      "tinyllama@tinyllama1",
      "tinyllama@tinyllama2",
      "tinyllama@tinyllama3",
    ]);
  });

  it("streams to the official openai client", async () => {
    const client = new OpenAI({ baseURL: `${proxy.base}/v1`, apiKey: proxy.key });
    const stream = await client.chat.completions.create({
      model: "tinyllama",
      messages: [{ role: "user", content: "Count to five." }],
      max_tokens: 20,
      stream: true,
    });
    const pieces: string[] = [];
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? "");
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBeTruthy();
  });

  it.each([
    [`${prefix}litellm`, ["/bin/bash", "-c", "echo shell"], "shell"],
    [`${prefix}tinyllama1`, ["ollama", "list"], "tinyllama"],
    [`${prefix}tinyllama1`, ["ollama", "ps"], "Forever"],
    [
      `${prefix}litellm_db`,
      [
        "psql",
        "-U",
        "llmproxy",
        "-d",
        "litellm",
        "-Atc",
        "select count(*) > 20 from pg_tables where tablename like 'LiteLLM_%'",
      ],
      "t",
    ],
  ])("lets one into %s by docker exec: %j", async (name, command, expected) => {
    expect(await docker("exec", name, ...command)).toContain(expected);
  });

  it("answers `ollama run` in the container", async () => {
    expect(await docker("exec", `${prefix}tinyllama1`, "ollama", "run", "tinyllama", "Say hello.")).toMatch(
      /\w/,
    );
  });

  it("knows from the servers themselves which models call tools", async () => {
    const tools = async (model: string) => {
      const { data } = (await (await proxy.call("/model/info")).json()) as {
        data: { model_name: string; model_info: { supports_function_calling: boolean | null } }[];
      };
      return data.find(({ model_name }) => model_name === model)?.model_info.supports_function_calling;
    };
    await expect.poll(() => tools("tinyllama1"), { timeout: 20_000 }).toBe(false);
    await docker(
      ...["exec", `${prefix}tinyllama1`, "bash", "-c"],
      `printf 'FROM tinyllama\nTEMPLATE """{{ .Tools }}{{ .Prompt }}"""' > /tmp/M && ollama create toolish -f /tmp/M`,
    );
    const target = { model: "ollama_chat/toolish", api_base: "http://tinyllama1:11434" };
    expect((await proxy.call("/model/new", { model_name: "toolish", litellm_params: target })).status).toBe(
      200,
    );
    await expect.poll(() => tools("toolish"), { timeout: 30_000 }).toBe(true);
  });

  it("publishes nothing beyond loopback", async () => {
    for (const name of Object.keys(await containerIds(prefix))) {
      expect(
        await docker(
          "inspect",
          "--format",
          "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}",
          name,
        ),
      ).toBe("127.0.0.1 ");
    }
  });
});

describe("the commands", () => {
  it("show each container and model, for people and for programs", async () => {
    const status = JSON.parse((await clone.ok("status", "--json")).stdout);
    expect(status.containers).toHaveLength(5);
    expect(status.containers.every((c: { health: string }) => c.health === "healthy")).toBe(true);
    expect(status.models.every((m: { verdict: string }) => m.verdict === "answers")).toBe(true);
    expect(status.containers[1].models[0]).toMatch(/^tinyllama/);
    expect((await clone.ok("status")).stdout).toMatch(
      /life-litellm_db\s+running\s+healthy\s+postgres 16\.14/,
    );
  });

  it("show the logs of a container by its service name, and refuse an unknown one", async () => {
    expect((await clone.ok("logs", "db")).all).toContain("database system is ready to accept connections");
    const { exitCode, all } = await clone.run("logs", "databse");
    expect(exitCode).toBe(1);
    expect(all).toContain("`databse`: no such container; there are `db`");
  });

  it("refuse bad config before anything is touched", async () => {
    const before = await containerIds(prefix);
    await clone.configure({ ...own, ollama: [{ name: "tinyllama1", memroy: "4g" }], proxi: {} });
    const { exitCode, all } = await clone.run("up");
    expect(exitCode).toBe(1);
    expect(all).toContain("did you mean `memory`");
    expect(all).toContain("did you mean `proxy`");
    expect(await containerIds(prefix)).toEqual(before);
    await clone.configure({ ...own, ollama: servers });
  });

  it("plain pulumi destroy is refused while the data is protected", async () => {
    const before = await containerIds(prefix);
    await expect(clone.pulumi("destroy", "--yes")).rejects.toThrow(/protect/);
    expect(await containerIds(prefix)).toEqual(before);
  });
});

describe("trouble", () => {
  it("heals a killed container, and lets those that restart heal by themselves", async () => {
    const before = await containerIds(prefix);
    await docker("kill", `${prefix}tinyllama2`);
    await docker("restart", `${prefix}litellm_db`, `${prefix}tinyllama1`);
    await clone.ok("up");
    const after = await containerIds(prefix);
    expect(after[`${prefix}tinyllama2`]).not.toBe(before[`${prefix}tinyllama2`]);
    for (const name of ["litellm", "litellm_db", "tinyllama1"])
      expect(after[prefix + name], name).toBe(before[prefix + name]);
  });

  it("fails over a broken server, again and again, and names it, although its balanced name still answers", async () => {
    await docker("exec", `${prefix}tinyllama2`, "ollama", "rm", "tinyllama");
    for (const _ of [1, 2]) {
      const { exitCode, all } = await clone.run("up");
      expect(exitCode).toBe(1);
      const told = all.slice(all.lastIndexOf("\nError:"));
      expect(told).toContain("tinyllama2");
      expect(told).not.toMatch(/tinyllama3` (is|\(deployment)/);
    }
    expect((await proxy.chat("tinyllama")).status).toBe(200);
    expect((await clone.run("status")).exitCode).toBe(1);
  });

  it("is fixed by --recreate", async () => {
    await clone.ok("up", "--recreate", "tinyllama2");
    await clone.ok("status");
  });
});

describe("down and up", () => {
  it("keep a model that was added through the API, under another master key and database password as well", async () => {
    const added = await proxy.call("/model/new", {
      model_name: "added",
      litellm_params: { model: "ollama_chat/tinyllama", api_base: "http://tinyllama1:11434" },
    });
    expect(added.status).toBe(200);
    await clone.ok("down");
    expect(await containerIds(prefix)).toEqual({});
    const generated = proxy.key;
    proxy.key = "sk-4444";
    await clone.pulumi("config", "set", "--secret", "llm-stack:masterKey", proxy.key);
    await clone.pulumi("config", "set", "--secret", "llm-stack:databasePassword", "it's/a:new@one");
    await clone.ok("up");
    expect((await proxy.chat("tinyllama1")).status).toBe(200);
    expect((await proxy.chat("added")).status).toBe(200);
    expect((await proxy.chat("tinyllama1", generated)).status).toBe(401);
  });
});

describe("destroy", () => {
  it("asks, and without a terminal touches nothing", async () => {
    const { exitCode, all } = await clone.run("destroy");
    expect(exitCode).toBe(1);
    expect(all).toContain("npm run destroy -- --yes");
    expect((await proxy.chat("added")).status).toBe(200);
  });

  it("leaves no container, volume or network", async () => {
    await clone.ok("destroy", "--yes");
    expect(await containerIds(prefix)).toEqual({});
    expect(await docker("volume", "ls", "--quiet", "--filter", `name=^${prefix}`)).toBe("");
    expect(await docker("network", "ls", "--quiet", "--filter", `name=^${prefix}`)).toBe("");
  });
});
