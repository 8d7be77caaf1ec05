import { describe, expect, it } from "vitest";
import { isDeadLock } from "../../../../cli/pulumi/stack.ts";

describe("isDeadLock", () => {
  const alive = (pid: number) => pid === 1;
  it.each([
    ["of a process that lives", { pid: 1, hostname: "here" }, false],
    ["of a process that is gone", { pid: 2, hostname: "here" }, true],
    ["of another machine", { pid: 2, hostname: "there" }, false],
    ["that names no process", { hostname: "here" }, false],
  ])("a lock %s: %#", (_, lock, expected) => expect(isDeadLock(lock, "here", alive)).toBe(expected));
});
