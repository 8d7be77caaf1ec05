import { describe, expect, it } from "vitest";
import { isDeadLock, isKilledRun, isProxy } from "../../../../cli/pulumi/stack.ts";

describe("isDeadLock", () => {
  const alive = (pid: number) => pid === 1;
  it.each([
    ["of a process that lives", { pid: 1, hostname: "here" }, false],
    ["of a process that is gone", { pid: 2, hostname: "here" }, true],
    ["of another machine", { pid: 2, hostname: "there" }, false],
    ["that names no process", { hostname: "here" }, false],
  ])("a lock %s: %#", (_, lock, expected) => expect(isDeadLock(lock, "here", alive)).toBe(expected));
});

describe("isKilledRun", () => {
  it.each([
    ["a dead lock on it", { dead: ["dev"], held: [] }, true],
    ["no lock", { dead: [], held: [] }, false],
    ["a dead lock on another stack", { dead: ["mine"], held: [] }, false],
    ["a dead lock, and a run that is under way", { dead: ["dev"], held: ["dev"] }, false],
    ["a dead lock, and a run on another stack", { dead: ["dev"], held: ["mine"] }, true],
  ])("with %s: %#", (_, locks, expected) => expect(isKilledRun("dev", locks)).toBe(expected));
});

it("the proxy's container is told from a model server that is called `proxy`", () => {
  const container = (component: string) => ({
    urn: `urn:pulumi:dev::llm-stack::llm-stack:docker:${component}$docker:index/container:Container::proxy`,
    type: "docker:index/container:Container",
  });
  expect([isProxy(container("LiteLlmProxy")), isProxy(container("OllamaServer"))]).toEqual([true, false]);
});
