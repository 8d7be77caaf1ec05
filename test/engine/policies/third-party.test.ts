import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../../cli/pulumi/policy-pack.ts";
import { rules } from "../../../policies/rules/index.ts";
import { containerIds, docker } from "../../support/clone.ts";
import { OtherProgram, project } from "../../support/other-program.ts";

// The policy pack over a Docker program with plain resources and nothing of llm-stack: `examples/policies`.

const pack = ["--policy-pack", `${project}/policies`];
let program: OtherProgram;

beforeAll(async () => {
  program = await OtherProgram.example("policies");
  await program.configure({ name: "theirs" });
});

afterAll(async () => {
  await program.pulumi(["destroy", "--yes", "--skip-preview"]);
  await program.remove();
});

const worstOf = (lines: string) =>
  violationsIn(lines, rules)
    .filter(({ level }) => level === "mandatory")
    .map(({ rule, resource }) => `${rule}: ${resource}`);

it("is told what is wrong with it before anything is created", async () => {
  await program.configure({ mistake: "host-path" });
  expect(worstOf(await program.checkedPreview())).toEqual([
    "no-sensitive-host-path: worker",
    "user-defined-network: worker",
  ]);
});

it("is stopped while it deploys by what no preview could know, and that resource is not created", async () => {
  await program.configure({
    mistake: "plain-secret",
    image: program.workspace.prepared.images.ollama.ref,
  });
  const lines = await program.checkedPreview();
  expect(worstOf(lines)).toEqual([]);
  expect(violationsIn(lines, rules).map(({ level, rule }) => `${level} ${rule}`)).toContain(
    "unknown secret-envs-marked",
  );

  const stopped = await program.pulumi(["up", "--yes", ...pack]).catch((error) => error);
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.all).toMatch(/\[mandatory\].*secret-envs-marked.*worker/);
  expect(stopped.all).toContain("`envs` of `worker` holds `QUEUE_PASSWORD`");
  expect(Object.keys(await containerIds("theirs-"))).not.toContain("theirs-worker");
});

it("deploys without the mistake, and passes with the ids that its containers then hold", async () => {
  await program.pulumi(["config", "rm", "mistake"]);
  const { all } = await program.pulumi(["up", "--yes", ...pack]);
  const password = (await docker("inspect", "--format", "{{json .Config.Env}}", "theirs-worker")).match(
    /QUEUE_PASSWORD=([^"]+)/,
  )?.[1];
  expect(password).toHaveLength(24);
  expect(all).not.toContain(password);
  const lines = await program.checkedPreview();
  expect(worstOf(lines)).toEqual([]);
  expect(violationsIn(lines, rules).filter(({ level }) => level === "unknown")).toEqual([]);
});
