import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readPrepared } from "../../config/prepared.ts";
import { Clone } from "../support/clone.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make({ ollama: [{ name: "own", models: [{ name: "own", gguf: "./README.md" }] }] });
});
afterAll(() => clone.remove());

it("asks the Ollama registry when first a model depends on it, and remembers what came", async () => {
  await clone.ok("env");
  expect(readPrepared(clone.dir, "dev")).not.toHaveProperty("ollamaRegistry");

  await clone.configure({});
  await clone.ok("env");
  const { ollamaRegistry, standIn } = readPrepared(clone.dir, "dev");
  expect(standIn?.for).toBe(ollamaRegistry === "answers" ? undefined : "tinyllama");

  await clone.ok("env");
  const path = join(clone.dir, ".llm-stack/prepared.dev.json");
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ ollamaRegistry });
});
