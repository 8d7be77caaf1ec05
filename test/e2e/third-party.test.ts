import { afterAll, beforeAll, expect, it } from "vitest";
import { docker } from "../support/clone.ts";
import { OtherProgram, project } from "../support/other-program.ts";

let program: OtherProgram;

beforeAll(async () => {
  program = await OtherProgram.make();
  const { engine, prepared } = program.workspace;
  await program.write(`import * as docker from "@pulumi/docker";
import { OllamaServer } from "${project}/infra/ollama-server.ts";

const network = new docker.Network("their-network", { name: "e2e-theirs" });
const server = new OllamaServer("e2e-theirs", {
  image: ${JSON.stringify(prepared.images.ollama.ref)},
  engineVersion: ${JSON.stringify(engine.version)},
  networkName: network.name,
  port: 19_999,
  models: [{ name: "small", gguf: ${JSON.stringify(prepared.standIn?.gguf)} }],
});
export const url = server.hostUrl;
`);
});

afterAll(async () => {
  await program.pulumi(["destroy", "--yes", "--skip-preview"]);
  await docker("volume", "rm", "--force", "e2e-theirs_data");
  await program.remove();
});

it("another project's program runs an OllamaServer, without the rest of the stack", async () => {
  await program.pulumi(["up", "--yes", "--skip-preview"]);
  const { stdout: url } = await program.pulumi(["stack", "output", "url"]);
  const answer = await fetch(`${url}/api/tags`);
  expect(await answer.json()).toMatchObject({ models: [{ name: "small:latest" }] });
});
