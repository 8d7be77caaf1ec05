import { describe, expect, it } from "vitest";
import { containerFor, declaredContainers } from "../../../../cli/docker/containers.ts";
import { parseStackConfig } from "../../../../config/parse.ts";

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

  it.each([
    ["proxy", "x-proxy"],
    ["postgres", "x-postgres"],
    ["litellm", "x-litellm"],
    ["db", "x-litellm_db"],
    ["x-a", "x-a"],
  ])("takes `%s` for %s, as a server's own name comes before that of a service", (name, container) => {
    const servers = [{ name: "proxy" }, { name: "postgres" }, { name: "x-a" }, { name: "a" }];
    expect(containerFor(config({ namePrefix: "x-", ollama: servers }), name)).toBe(container);
  });

  it("names what there is when a name is unknown", () => {
    expect(() => containerFor(config(), "tinylama1")).toThrow(
      "`tinylama1`: no such container; there are `db`, `tinyllama1`, `tinyllama2`, `tinyllama3`, `litellm`.",
    );
  });
});
