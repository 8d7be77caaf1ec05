import { afterAll, beforeAll, expect, it } from "vitest";
import { docker } from "../support/clone.ts";
import { OtherProgram } from "../support/other-program.ts";

let program: OtherProgram;

beforeAll(async () => {
  program = await OtherProgram.example("components");
  const { engine, prepared } = program.workspace;
  await program.configure({
    name: "e2e-theirs",
    image: prepared.images.ollama.ref,
    engineVersion: engine.version,
    port: "19999",
    gguf: prepared.standIn?.gguf,
  });
});

afterAll(async () => {
  await program.pulumi(["destroy", "--yes", "--skip-preview"]);
  await docker("volume", "rm", "--force", "e2e-theirs_data");
  await program.remove();
});

it("a program of one's own runs an OllamaServer, without the rest of the stack", async () => {
  await program.pulumi(["up", "--yes", "--skip-preview"]);
  const { stdout: url } = await program.pulumi(["stack", "output", "url"]);
  const answer = await fetch(`${url}/api/tags`);
  expect(await answer.json()).toMatchObject({ models: [{ name: "tinyllama:latest" }] });
});
