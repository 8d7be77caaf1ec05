import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleQueryEngine } from "prisma-wasm-engine/bundle";
import { describe, expect, it } from "vitest";
import {
  engineInputs,
  type LockFile,
  lockedPackages,
} from "../../../../../from-source/images/litellm/engine-inputs.ts";

const SOURCES = fileURLToPath(new URL("../../../../../packages/prisma-wasm-engine/src/", import.meta.url));

describe("the inputs of the query engine", () => {
  it("hold every file that its programs are bundled from", async () => {
    const folder = await mkdtemp(join(tmpdir(), "llm-stack-engine-"));
    try {
      const files = await bundleQueryEngine(folder);
      const foreign = files.filter((file) => file.includes(`${sep}node_modules${sep}`));
      const own = files.filter((file) => !foreign.includes(file));
      expect(own.map((file) => relative(SOURCES, file))).toEqual(
        expect.arrayContaining(["main.ts", "engine.ts", "migrate-main.ts", "migrations.ts"]),
      );
      expect(own.filter((file) => !file.startsWith(SOURCES) || !file.endsWith(".ts"))).toEqual([]);

      const names = foreign.map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
      const locked = engineInputs().packages.map((entry) => entry.slice(0, entry.lastIndexOf("@")));
      expect(names).toEqual(expect.arrayContaining(["pg", "graphql", "@prisma/prisma-schema-wasm"]));
      expect([...new Set(names)].filter((name) => !locked.includes(name ?? ""))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("lockedPackages", () => {
  const lock: LockFile = {
    packages: {
      "": { dependencies: { tool: "1", b: "1" } },
      "node_modules/tool": { link: true, resolved: "packages/tool" },
      "packages/tool": { version: "1", dependencies: { a: "1", c: "1" } },
      "packages/tool/node_modules/c": { version: "3.1" },
      "node_modules/a": { version: "1.2", dependencies: { b: "2", "@s/d": "1" } },
      "node_modules/a/node_modules/b": { version: "2.0", dependencies: { a: "1" } },
      "node_modules/b": { version: "1.0", optionalDependencies: { e: "5" } },
      "node_modules/e": { version: "5.0" },
      "node_modules/c": { version: "1.1" },
      "node_modules/@s/d": { version: "4.0", dependencies: { b: "1" } },
    },
  };

  it("names what a workspace needs, each where Node.js finds it", () => {
    expect(lockedPackages(lock, "tool")).toEqual(["@s/d@4.0", "a@1.2", "b@1.0", "b@2.0", "c@3.1", "e@5.0"]);
  });

  it("fails for a package that is not locked", () => {
    const packages = { "node_modules/tool": { dependencies: { gone: "1" } } };
    expect(() => lockedPackages({ packages }, "tool")).toThrow("does not hold `gone`");
  });
});
