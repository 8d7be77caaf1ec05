import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pulumiEnvironment } from "../../cli/pulumi.ts";
import { type Machine, prepare } from "../../setup/prepare.ts";
import { docker } from "./clone.ts";

// Somebody else's Pulumi program, in a folder of its own, that uses one component alone.

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await prepare(project, "dev", { quiet: true });
  folder = await mkdtemp(join(tmpdir(), "llm-stack-third-party-"));
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    `name: third-party\nmain: index.ts\nruntime: {name: nodejs, options: {typescript: false, nodeargs: "--import ${project}/setup/typescript.mjs"}}\n`,
  );
  await writeFile(
    join(folder, "index.ts"),
    `import * as docker from "@pulumi/docker";
import { OllamaServer } from "${project}/infra/ollama-server.ts";

const network = new docker.Network("their-network", { name: "e2e-theirs" });
const server = new OllamaServer("e2e-theirs", {
  image: ${JSON.stringify(machine.prepared.images.ollama.ref)},
  engineVersion: ${JSON.stringify(machine.engine.version)},
  networkName: network.name,
  port: 19_999,
  models: [{ name: "small", gguf: ${JSON.stringify(machine.prepared.standIn?.gguf)} }],
});
export const url = server.hostUrl;
`,
  );
});

afterAll(async () => {
  await pulumi("destroy", "--yes", "--skip-preview");
  await docker("volume", "rm", "--force", "e2e-theirs_data");
  await rm(folder, { recursive: true, force: true });
});

async function pulumi(...args: string[]) {
  const env = {
    ...pulumiEnvironment(machine, {}),
    PATH: `${machine.pulumi.bin}:${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    PULUMI_CONFIG_PASSPHRASE: "theirs",
  };
  return execa("pulumi", [...args, "--non-interactive"], { cwd: folder, env, stdin: "ignore", all: true });
}

it("runs an OllamaServer in another project, without the rest of the stack", async () => {
  await pulumi("stack", "init", "dev");
  await pulumi("up", "--yes", "--skip-preview");
  const { stdout: url } = await pulumi("stack", "output", "url");
  const answer = await fetch(`${url}/api/tags`);
  expect(await answer.json()).toMatchObject({ models: [{ name: "small:latest" }] });
});
