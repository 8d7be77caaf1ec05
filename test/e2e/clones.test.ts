import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { OFFSETS } from "../support/offsets.ts";
import { ProxyClient } from "../support/proxy-client.ts";

// Two clones on one engine. The tests build on each other, in order.

const prefix = "cl-";
const offset = OFFSETS.clones;
const servers = [{ name: "tinyllama1", threads: 1 }];
const own = { namePrefix: prefix, portOffset: offset };
const proxy = new ProxyClient(`http://localhost:${4444 + offset}`);

let clone: Clone;
let second: Clone;

beforeAll(async () => {
  [clone, second] = await Promise.all([
    Clone.make({ ...own, ollama: servers }),
    Clone.make({ ...own, ollama: servers }),
  ]);
  await clone.ok("up", "--no-policy");
  proxy.key = (await clone.outputs()).masterKey as string;
});

afterAll(async () => {
  await second.remove();
  await clone.remove();
});

describe("two clones", () => {
  it("never touch each other's things: the second one is refused at preview, and told whose they are", async () => {
    const before = await containerIds(prefix);
    const { exitCode, all } = await second.run("up");
    expect(exitCode).toBe(1);
    expect(all).toContain(
      `\`${prefix}litellm_postgres_data\`: a volume of this name exists and is not in this stack's state`,
    );
    expect(all).toContain(clone.dir);
    expect(all).toContain("namePrefix");
    await expect(second.pulumi("up", "--yes")).rejects.toThrow("is not in this stack's state");
    expect(await containerIds(prefix)).toEqual(before);
  });

  it("are not mixed up by a shell that holds the settings of the other one", async () => {
    const before = await containerIds(prefix);
    const line = `cd ${clone.dir} && eval "$(npm run -s env)" && cd ${second.dir} && npm run -s destroy -- --yes`;
    expect((await second.exec("bash", ["-c", line])).exitCode).toBe(0);
    expect(await containerIds(prefix)).toEqual(before);
    expect(
      await docker("volume", "ls", "--quiet", "--filter", `name=${prefix}litellm_postgres_data`),
    ).not.toBe("");
  });

  it("run side by side under names and ports of their own, by plain pulumi, and from nothing again after a destroy", async () => {
    const beside = OFFSETS.clonesBeside;
    await second.configure({ namePrefix: "cl2-", portOffset: beside, ollama: servers });
    await second.pulumi("up", "--yes");
    expect((await proxy.chat("tinyllama1")).status).toBe(200);
    await second.ok("destroy", "--yes");
    expect(await containerIds("cl2-")).toEqual({});
    expect((await proxy.chat("tinyllama1")).status).toBe(200);

    await second.ok("up", "--no-policy");
    const theirs = new ProxyClient(`http://localhost:${4444 + beside}`);
    theirs.key = (await second.outputs()).masterKey as string;
    expect((await theirs.chat("tinyllama1")).status).toBe(200);
    expect((await theirs.chat("tinyllama1", proxy.key)).status).toBe(401);
  });

  it("a lost state folder costs no data: refused, and it works again when the folder is back", async () => {
    const before = await containerIds(prefix);
    await rename(join(clone.dir, ".llm-stack"), join(clone.dir, ".lost"));
    // Not even when asked to take it over: the database that runs on it would get a second server beside it.
    const { exitCode, all } = await clone.run("up", "--adopt");
    expect(exitCode).toBe(1);
    expect(all).toContain("is not in this stack's state");
    expect(all).toContain(
      `\`${prefix}litellm_postgres_data\`: it cannot be taken over while \`${prefix}litellm_db\` uses it`,
    );
    expect(await containerIds(prefix)).toEqual(before);
    await clone.exec("rm", ["-r", ".llm-stack"]);
    await rename(join(clone.dir, ".lost"), join(clone.dir, ".llm-stack"));
    await clone.ok("up", "--no-policy");
  });
});
