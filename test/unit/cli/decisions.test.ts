import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { targetsOfDown } from "../../../cli/commands/down.ts";
import { exportLine } from "../../../cli/commands/env.ts";
import { isWell, type Status } from "../../../cli/commands/status.ts";
import { needsRefresh } from "../../../cli/commands/up.ts";
import { type ContainerState, containerFor, declaredContainers } from "../../../cli/docker/containers.ts";
import { isDeadLock, pulumiEnvironment } from "../../../cli/pulumi/pulumi.ts";
import { parseStackConfig } from "../../../config/parse.ts";
import type { Toolchain } from "../../../setup/prepare.ts";

const config = (raw = {}) => parseStackConfig(raw, new Set(), { root: "/", fileExists: () => true });

describe("declaredContainers", () => {
  it("are the seed's five, the database first and the proxy last", () => {
    expect(declaredContainers(config()).map(({ name }) => name)).toEqual([
      "litellm_db",
      "tinyllama1",
      "tinyllama2",
      "tinyllama3",
      "litellm",
    ]);
  });
});

describe("containerFor", () => {
  it.each(["db", "litellm_db", "x-litellm_db"])("knows the database as %s", (name) => {
    expect(containerFor(config({ namePrefix: "x-" }), name)).toBe("x-litellm_db");
  });

  it("names what there is when a name is unknown", () => {
    expect(() => containerFor(config(), "tinylama1")).toThrow(
      "`tinylama1`: no such container; there are `db`, `tinyllama1`, `tinyllama2`, `tinyllama3`, `litellm`.",
    );
  });
});

describe("exportLine", () => {
  it("gives a shell exactly the values, whatever is in them", () => {
    const value = `it's "$HOME" \`id\` \\`;
    const shown = execFileSync("sh", ["-c", `${exportLine({ A: value })}; printf %s "$A"`], {
      encoding: "utf8",
    });
    expect(shown).toBe(value);
  });
});

describe("pulumiEnvironment", () => {
  const toolchain: Toolchain = {
    root: "/p q",
    stack: "dev",
    engine: { version: "1", cpus: 1, memoryBytes: 1, host: "unix:///d.sock" },
    pulumi: { bin: "/b", home: "/h", version: "3", source: "built" },
  };

  it("keeps state and passphrase in the clone, and takes only the prepared plug-ins", () => {
    expect(pulumiEnvironment(toolchain, { PATH: "/bin" })).toEqual({
      LLM_STACK_ENV_OF: "/p q",
      PATH: "/b:/bin",
      PULUMI_HOME: "/h",
      PULUMI_BACKEND_URL: "file:///p%20q/.llm-stack/state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/p q/.llm-stack/passphrase",
      PULUMI_STACK: "dev",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      DOCKER_HOST: "unix:///d.sock",
    });
  });

  it("does not follow the settings of another clone into its stack", () => {
    const others = { LLM_STACK_ENV_OF: "/other", PULUMI_BACKEND_URL: "file:///other/.llm-stack/state" };
    expect(pulumiEnvironment(toolchain, others).PULUMI_BACKEND_URL).toBe("file:///p%20q/.llm-stack/state");
    const own = { LLM_STACK_ENV_OF: "/p q", PULUMI_BACKEND_URL: "s3://b" };
    expect(pulumiEnvironment(toolchain, own).PULUMI_BACKEND_URL).toBe("s3://b");
  });

  it("leaves a back end and a passphrase of the caller's alone", () => {
    const settings = pulumiEnvironment(toolchain, {
      PULUMI_BACKEND_URL: "s3://b",
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    expect(settings.PULUMI_BACKEND_URL).toBe("s3://b");
    expect(settings).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });
});

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
    expect(needsRefresh([container("a"), volume], [state("a", "running")])).toBe(false);
  });

  it("is false after `down`, when nothing in the state should run", () => {
    expect(needsRefresh([volume], [state("a", "missing")])).toBe(false);
  });

  it.each(["exited", "missing"])("is true when a container of the state is %s", (now) => {
    expect(needsRefresh([container("a")], [state("a", now)])).toBe(true);
  });
});

it("`down` takes containers and networks, and nothing that holds data or secrets", () => {
  const network = { urn: "urn:n", type: "docker:index/network:Network" };
  const password = { urn: "urn:p", type: "random:index/randomPassword:RandomPassword" };
  expect(targetsOfDown([container("a"), network, volume, password])).toEqual(["urn:a", "urn:n"]);
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

describe("isDeadLock", () => {
  const alive = (pid: number) => pid === 1;
  it.each([
    ["of a process that lives", { pid: 1, hostname: "here" }, false],
    ["of a process that is gone", { pid: 2, hostname: "here" }, true],
    ["of another machine", { pid: 2, hostname: "there" }, false],
    ["that names no process", { hostname: "here" }, false],
  ])("a lock %s: %#", (_, lock, expected) => expect(isDeadLock(lock, "here", alive)).toBe(expected));
});
