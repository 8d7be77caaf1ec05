import { describe, expect, it } from "vitest";
import type { ContainerState } from "../../../../cli/docker/containers.ts";
import { needsRefresh, targetsOfDown } from "../../../../cli/pulumi/targets.ts";

const container = (name: string) => ({
  urn: `urn:${name}`,
  type: "docker:index/container:Container",
  outputs: { name },
});
const volume = { urn: "urn:v", type: "docker:index/volume:Volume", outputs: { name: "v" } };
const state = (name: string, now: string): ContainerState => ({
  name,
  state: now,
  health: "healthy",
  restarts: 0,
});

describe("needsRefresh", () => {
  it("is false while everything in the state runs", () => {
    expect(needsRefresh([container("a"), volume], [state("a", "running")], new Set(["v"]))).toBe(false);
  });

  it("is false after `down`, when nothing in the state should run", () => {
    expect(needsRefresh([volume], [state("a", "missing")], new Set(["v"]))).toBe(false);
  });

  it.each(["exited", "missing"])("is true when a container of the state is %s", (now) => {
    expect(needsRefresh([container("a")], [state("a", now)], new Set())).toBe(true);
  });

  it.each([
    volume,
    { ...volume, type: "docker:index/network:Network" },
  ])("is true when a volume or network of the state is not there: %#", (resource) =>
    expect(needsRefresh([resource], [], new Set(["other"]))).toBe(true));
});

it("`down` takes containers and networks, and nothing that holds data or secrets", () => {
  const network = { urn: "urn:n", type: "docker:index/network:Network" };
  const password = { urn: "urn:p", type: "random:index/randomPassword:RandomPassword" };
  expect(targetsOfDown([container("a"), network, volume, password])).toEqual(["urn:a", "urn:n"]);
});
