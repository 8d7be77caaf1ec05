import { describe, expect, it } from "vitest";
import { holderOf, isSamePlace } from "../../../../cli/pulumi/locks.ts";

describe("holderOf", () => {
  const taken = 1_000_000;
  const here = {
    hostname: "here",
    startedAt: (pid: number) =>
      new Map([
        [1, taken - 5000],
        [3, taken + 60_000],
      ]).get(pid),
    sameProcesses: true,
  };
  it.each([
    ["of a process that lives", { pid: 1, hostname: "here" }, "alive"],
    ["of a process that is gone", { pid: 2, hostname: "here" }, "dead"],
    ["of a process whose id another one has now", { pid: 3, hostname: "here" }, "dead"],
    ["of another machine", { pid: 2, hostname: "there" }, "unseen"],
    ["that names no process", { hostname: "here" }, "unseen"],
  ])("a lock %s: %#", (_, lock, holder) => expect(holderOf(lock, taken, here)).toBe(holder));

  it("a lock of a container with its host's name, whose processes are not seen from here", () => {
    expect(holderOf({ pid: 2, hostname: "here" }, taken, { ...here, sameProcesses: false })).toBe("unseen");
  });
});

describe("isSamePlace", () => {
  it.each([
    ["the same", "boot1 pid:[1]", true],
    ["another container", "boot1 pid:[2]", false],
    ["before a restart of the machine, after which nothing of it is left", "boot0 pid:[2]", true],
  ])("%s: %#", (_, last, same) => expect(isSamePlace(last, "boot1 pid:[1]")).toBe(same));
});
