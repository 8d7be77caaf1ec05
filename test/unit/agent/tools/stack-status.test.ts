import { describe, expect, test } from "vitest";
import { loadTools } from "../../../../agent/tools/index.ts";
import { UserError } from "../../../../config/errors.ts";
import { offline, run, toolFrom } from "../../../support/tools.ts";

describe("the stack's status", () => {
  const found = {
    stack: "dev",
    deployed: true,
    engine: "Docker 28",
    containers: [
      { name: "litellm", state: "running", health: "healthy", version: "1.73.0" },
      { name: "ollama-tinyllama", state: "exited", models: ["tinyllama"] },
    ],
    models: [
      { model: "tinyllama", id: "tinyllama@a", verdict: "answers" },
      { model: "tinyllama", id: "tinyllama@b", verdict: "fails", reason: "refused\nat x" },
    ],
  };

  test("is what is up, and which models answer", async () => {
    const tool = await toolFrom("stack_status", { status: async () => found });
    expect(await tool.invoke({})).toMatchInlineSnapshot(`
      "Stack dev:
      - litellm: running, healthy
      - ollama-tinyllama: exited, serves tinyllama
      Models:
      - tinyllama (tinyllama@a): answers
      - tinyllama (tinyllama@b): fails: refused"
    `);
  });

  test("tells that nothing is deployed", async () => {
    const tool = await toolFrom("stack_status", { status: async () => ({ ...found, deployed: false }) });
    expect((await run(tool, {})).text).toBe("Stack dev is not deployed; `npm run up` deploys it.");
  });

  test("is not a tool where it is unavailable", async () => {
    const names = (await loadTools({ http: offline })).map((tool) => tool.name);
    expect(names).toEqual(["calculator", "current_time", "fetch_page", "web_search"]);
  });

  test("tells a failure that is meant to be told, and no other", async () => {
    const failing = (error: Error) => toolFrom("stack_status", { status: () => Promise.reject(error) });
    expect(await run(await failing(new UserError("Docker is not running.")), {})).toEqual({
      text: "Docker is not running.",
      ok: false,
    });
    await expect((await failing(new TypeError("a fault"))).invoke({})).rejects.toThrow("a fault");
    const odd = await toolFrom("stack_status", { status: async () => ({ stack: 5 }) });
    await expect(odd.invoke({})).rejects.toThrow(/expected string/);
  });
});
