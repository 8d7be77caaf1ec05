import { afterEach, beforeEach, expect, it } from "vitest";
import { readPrepared } from "../../config/prepared.ts";
import { Clone } from "../support/clone.ts";
import { InterceptingProxy } from "../support/intercepting-proxy.ts";

// What a stack's model depends on the first answer of the Ollama registry, which is played here, whatever the network.

const REGISTRY = "registry.ollama.ai";

let clone: Clone;
let network: InterceptingProxy;

beforeEach(async () => {
  [clone, network] = await Promise.all([
    Clone.make({ ollama: [{ name: "own", models: [{ name: "own", gguf: "./README.md" }] }] }),
    InterceptingProxy.start(REGISTRY),
  ]);
});
afterEach(async () => {
  await clone.remove();
  await network.remove();
});

/** Prepares the machine behind the network, and returns what was noted of the registry. */
async function prepared() {
  const { exitCode, all } = await clone.exec("node", ["cli/bootstrap.mjs", "env"], { env: network.env });
  expect(exitCode, all).toBe(0);
  const { ollamaRegistry, standIn } = readPrepared(clone.dir, "dev");
  return { ollamaRegistry, standInFor: standIn?.for };
}

it("is not asked while no model depends on it", async () => {
  expect(await prepared()).toEqual({});
  expect(network.asked).not.toContain(REGISTRY);
});

it("that answers needs no stand-in, also when it is gone later", async () => {
  await clone.configure({});
  network.answered.add(REGISTRY);
  expect(await prepared()).toEqual({ ollamaRegistry: "answers" });
  expect(network.asked).toContain(REGISTRY);
  network.answered.clear();
  expect(await prepared()).toEqual({ ollamaRegistry: "answers" });
});

it("that cannot be reached makes a stand-in, which stays when it answers later", async () => {
  await clone.configure({});
  const standIn = { ollamaRegistry: "cannot be reached", standInFor: "tinyllama" };
  expect(await prepared()).toEqual(standIn);
  network.answered.add(REGISTRY);
  expect(await prepared()).toEqual(standIn);
});
