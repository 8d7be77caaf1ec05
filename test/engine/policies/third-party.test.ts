import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../../cli/pulumi/policy-pack.ts";
import { rules } from "../../../policies/rules/index.ts";
import { containerIds, docker } from "../../support/clone.ts";
import { OtherProgram, project } from "../../support/other-program.ts";

// Somebody else's Docker program, with plain resources and nothing of llm-stack but the pack: two containers, a volume,
// a generated password.

const pack = ["--policy-pack", `${project}/policies`];
let program: OtherProgram;

beforeAll(async () => {
  program = await OtherProgram.make();
});

afterAll(async () => {
  await program.pulumi(["destroy", "--yes", "--skip-preview"]);
  await program.remove();
});

/** The program, with more arguments for its worker and further resource options. */
const text = (worker: string, options = "{}") => `import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const network = new docker.Network("net", { name: "theirs-net" });
const image = new docker.RemoteImage("image", {
  name: ${JSON.stringify(program.workspace.prepared.images.ollama.ref)},
  keepLocally: true,
});
const password = new random.RandomPassword("password", { length: 24 });
const safe = {
  image: image.imageId,
  entrypoints: ["sleep", "300"],
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
  memory: 64,
  healthcheck: { tests: ["CMD", "true"] },
  networkMode: "bridge",
  networksAdvanced: [{ name: network.name }],
};
new docker.Container("front", { ...safe, name: "theirs-front" });
new docker.Container("worker", {
  ...safe,
  name: "theirs-worker",
  envs: [pulumi.interpolate\`QUEUE_PASSWORD=\${password.result}\`],
  ${worker}
}, ${options});
`;
const worstOf = (lines: string) =>
  violationsIn(lines, rules)
    .filter(({ level }) => level === "mandatory")
    .map(({ rule, resource }) => `${rule}: ${resource}`);

it("is told what is wrong with it before anything is made", async () => {
  await program.write(text('volumes: [{ hostPath: "/etc", containerPath: "/host" }], networksAdvanced: []'));
  expect(worstOf(await program.checkedPreview())).toEqual([
    "no-sensitive-host-path: worker",
    "user-defined-network: worker",
  ]);
});

it("is stopped while it deploys by what no preview could know, and that resource is not made", async () => {
  await program.write(text(""));
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

it("deploys when it is mended, and passes with the ids that its containers then hold", async () => {
  await program.write(text("", '{ additionalSecretOutputs: ["envs"] }'));
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
