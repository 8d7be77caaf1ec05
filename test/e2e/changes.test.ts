import { readFile } from "node:fs/promises";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Clone, containerIds, docker } from "../support/clone.ts";
import { OFFSETS } from "../support/offsets.ts";
import { ProxyClient } from "../support/proxy-client.ts";

// What happens when the config of a running stack changes. The tests build on each other, in order.

const prefix = "chg-";
const offset = OFFSETS.changes;
const servers = ["tinyllama1", "tinyllama2"].map((name) => ({ name, threads: 1 }));
const own = { namePrefix: prefix, portOffset: offset };
const proxy = new ProxyClient(`http://localhost:${4444 + offset}`);
/** A server of the OpenAI API on the stack's network, which is not of the stack. */
const guest = `${prefix}fake-openai`;

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make({ ...own, ollama: servers });
  await clone.ok("up", "--no-policy");
  proxy.key = (await clone.outputs()).masterKey as string;
});

afterAll(async () => {
  await docker("rm", "--force", guest);
  await clone.remove();
});

describe("changes", () => {
  it("adds a server with an embedding model, and a provider, and replaces only the proxy", async () => {
    const before = await containerIds(prefix);
    await startGuest([]);
    const prepared = JSON.parse(await readFile(join(clone.dir, ".llm-stack/prepared.dev.json"), "utf8"));
    const more = {
      name: "more",
      models: ["tinyllama", { name: "embedder", gguf: prepared.standIn.gguf, mode: "embedding" }],
    };
    await clone.configure({
      ...own,
      ollama: [...servers, more],
      models: [
        {
          name: "tinyllama",
          targets: [...servers, more].map(({ name }) => ({ server: name, model: "tinyllama" })),
        },
        { name: "embedder", targets: [{ server: "more", model: "embedder" }] },
        office("http"),
      ],
    });
    const refused = await clone.run("up");
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain("pulumi config set --secret llm-stack:officeApiKey");

    await clone.pulumi("config", "set", "--secret", "llm-stack:officeApiKey", "sk-office-key");
    const foreign = await clone.run("up");
    expect(foreign.exitCode).toBe(1);
    expect(foreign.all).toMatch(/\[mandatory\].*model-endpoint-allowed/);
    expect(await containerIds(prefix)).toMatchObject(before);
    await clone.configurePolicies({ "model-endpoint-allowed": { hosts: ["fake-openai"] } });
    const { all } = await clone.ok("up");
    expect(all).not.toContain("sk-office-key");
    const after = await containerIds(prefix);
    for (const name of ["litellm_db", "tinyllama1", "tinyllama2"]) {
      expect(after[prefix + name], name).toBe(before[prefix + name]);
    }
    expect(after[`${prefix}litellm`]).not.toBe(before[`${prefix}litellm`]);
    expect(await proxy.models()).toEqual(["embedder", "office", "tinyllama"]);
  });

  it("makes embeddings", async () => {
    const client = new OpenAI({ baseURL: `${proxy.base}/v1`, apiKey: proxy.key });
    const { data } = await client.embeddings.create({ model: "embedder", input: "a container" });
    expect(data[0]?.embedding.length).toBeGreaterThan(100);
  });

  it("calls a provider with its secret, which stands in no file of the proxy or of the state", async () => {
    const answer = (await (await proxy.chat("office")).json()) as OpenAI.ChatCompletion;
    expect(answer.choices[0]?.message.content).toBe("fake says Bearer sk-office-key");
    expect(await docker("exec", `${prefix}litellm`, "cat", "/tmp/config.yml")).not.toContain("sk-office-key");
    const state = await readFile(
      join(clone.dir, ".llm-stack/state/.pulumi/stacks/llm-stack/dev.json"),
      "utf8",
    );
    expect(state).not.toContain("sk-office-key");
  });

  it("calls a provider whose certificate only the company's own authority signs", async () => {
    const pem = join(clone.dir, ".llm-stack", "fake");
    const openssl = (...args: string[]) => clone.exec("openssl", args);
    await openssl(
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=fake-openai"],
      ...["-addext", "subjectAltName=DNS:fake-openai", "-keyout", `${pem}.key`, "-out", `${pem}.crt`],
    );
    await clone.exec("bash", ["-c", `cat ${pem}.crt ${pem}.key > ${pem}.pem`]);
    await docker("rm", "--force", guest);
    await startGuest(["--user", "0", "--volume", `${pem}.pem:/fake.pem:ro`], "/fake.pem");
    const secure = { ...own, ollama: servers.slice(0, 1), models: [office("https")] };
    await clone.configure(secure);
    const refused = await clone.run("up");
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain("`office` (deployment `office@openai`) does not answer");
    await clone.configure({ ...secure, network: { caBundle: ".llm-stack/fake.crt" } });
    await clone.ok("up");
    const answer = (await (await proxy.chat("office")).json()) as OpenAI.ChatCompletion;
    expect(answer.choices[0]?.message.content).toBe("fake says Bearer sk-office-key");
  });

  it("has taken two servers away with that; their weights stay and are listed as left over", async () => {
    expect(Object.keys(await containerIds(prefix)).sort()).toEqual(
      ["fake-openai", "litellm", "litellm_db", "tinyllama1"].map((name) => prefix + name),
    );
    const { leftOver } = JSON.parse((await clone.ok("status", "--json")).stdout);
    expect(leftOver.sort()).toEqual([`${prefix}more_data`, `${prefix}tinyllama2_data`]);
  });

  it("refuses to go down while somebody else's container is on its network, and says which", async () => {
    const before = await containerIds(prefix);
    const { exitCode, all } = await clone.run("down");
    expect(exitCode).toBe(1);
    expect(all).toContain(`docker network disconnect ${prefix}llm-stack ${guest}`);
    expect(await containerIds(prefix)).toEqual(before);
  });
});

/** The model `office`, which the guest serves. */
function office(scheme: "http" | "https") {
  const apiBase = `${scheme}://fake-openai:8000/v1`;
  return {
    name: "office",
    verify: true,
    targets: [{ provider: "openai", model: "office-1", apiBase, apiKey: "officeApiKey" }],
  };
}

/** Starts the guest in the proxy's image, which has Python. */
async function startGuest(options: readonly string[], ...args: string[]): Promise<void> {
  const image = await docker("inspect", "--format", "{{.Image}}", `${prefix}litellm`);
  await docker(
    ...["run", "--detach", "--name", guest, "--network", `${prefix}llm-stack`],
    ...["--network-alias", "fake-openai", "--entrypoint", "python3"],
    ...["--volume", `${clone.dir}/test/support/fake-openai.py:/fake.py:ro`, ...options],
    ...[image, "/fake.py", ...args],
  );
}
