import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { repairState } from "../../../../cli/pulumi/state-files.ts";

let folder: string;
let checkpoint: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-stack-state-"));
  checkpoint = join(folder, "state/.pulumi/stacks/llm-stack/dev.json");
  await mkdir(dirname(checkpoint), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("leaves a state that can be read as it is, and one that there is none of", async () => {
  await repairState(folder, checkpoint);
  await writeFile(checkpoint, "{}");
  await writeFile(`${checkpoint}.attrs`, '{"md5":""}');
  await repairState(folder, checkpoint);
  expect((await readdir(dirname(checkpoint))).sort()).toEqual(["dev.json", "dev.json.attrs"]);
});

it("takes half a file of attributes away, which Pulumi cannot read", async () => {
  await writeFile(checkpoint, "{}");
  await writeFile(`${checkpoint}.attrs`, "");
  await repairState(folder, checkpoint);
  expect(await readdir(dirname(checkpoint))).toEqual(["dev.json"]);
});

it("takes the state of one step before where this one is half-written, and says so where that is too", async () => {
  await writeFile(checkpoint, '{"version": 3, "che');
  await expect(repairState(folder, checkpoint)).rejects.toThrow(`\`${checkpoint}\` is broken, and so is`);
  await writeFile(`${checkpoint}.bak`, '{"version": 3}');
  await repairState(folder, checkpoint);
  expect(await readFile(checkpoint, "utf8")).toBe('{"version": 3}');
});
