import { describe, expect, it } from "vitest";
import type { ContainerState } from "../../../../cli/docker/containers.ts";
import { isWell, type Status } from "../../../../cli/docker/stack-status.ts";

const state = (name: string, now: string): ContainerState => ({
  name,
  state: now,
  health: "healthy",
  restarts: 0,
});

describe("isWell", () => {
  const well: Status = {
    stack: "dev",
    deployed: true,
    engine: "Docker 1",
    containers: [{ ...state("a", "running"), service: "litellm", version: "1", source: "built" }],
    models: [
      { model: "m", id: "m@a", verdict: "answers" },
      { model: "c", id: "c@p", verdict: "not verified" },
    ],
    leftOver: [],
    overridden: [],
    unmanaged: [],
    unchecked: [],
  };

  it("holds when all is healthy and every verified deployment answers", () => {
    expect(isWell(well)).toBe(true);
  });

  it.each<[string, Partial<Status>]>([
    ["nothing is deployed", { deployed: false }],
    ["a container does not run", { containers: well.containers.map((c) => ({ ...c, state: "exited" })) }],
    ["a container is unhealthy", { containers: well.containers.map((c) => ({ ...c, health: "unhealthy" })) }],
    ["a deployment fails", { models: [{ model: "m", id: "m@a", verdict: "fails" }] }],
  ])("does not hold when %s", (_, change) => {
    expect(isWell({ ...well, ...change })).toBe(false);
  });
});
