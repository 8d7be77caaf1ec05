import { expect, it } from "vitest";
import { importCircle, importsOf, projectFiles, textOf } from "../support/imports.ts";

// What docs/architecture.md says of the folders, held.

/** What each folder may import besides itself. Nothing may import `cli`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "index.ts": ["config", "infra"],
  config: [],
  litellm: ["config"],
  provider: ["litellm"],
  infra: ["config", "litellm", "provider"],
  policies: ["config", "litellm"],
  agent: ["config", "litellm"],
  setup: ["config", "litellm"],
  "from-source": ["config", "setup", "packages"],
  cli: ["agent", "config", "from-source", "infra", "litellm", "packages", "policies", "provider", "setup"],
  packages: [],
};

const files = projectFiles();
const sources = files.filter(
  (file) => /\.(ts|mjs)$/.test(file) && folderOf(file) in MAY_IMPORT && !/\/(test|dist)\//.test(file),
);

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}

it("a folder imports only what is below it", () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .map((imported) => [folderOf(file), folderOf(imported)] as const)
      .filter(([from, to]) => from !== to && !MAY_IMPORT[from]?.includes(to))
      .map(([, to]) => `${file} imports ${to}/`),
  );
  expect(wrong).toEqual([]);
});

it("no files import each other in a circle", () => {
  const imports = new Map(sources.map((file) => [file, importsOf(file)]));
  expect(importCircle(imports)?.join(" → ")).toBeUndefined();
});

it("finds a circle", () => {
  const imports = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b"]],
  ]);
  expect(importCircle(imports)).toEqual(["b", "c", "b"]);
});

it("commands import no other command", () => {
  const commands = sources.filter((file) => file.startsWith("cli/commands/"));
  expect(commands.length).toBeGreaterThan(10);
  const wrong = sources
    .filter((file) => file !== "cli/main.ts")
    .filter((file) => importsOf(file).some((imported) => imported.startsWith("cli/commands/")));
  expect(wrong).toEqual([]);
});

it("no source file has more than 300 lines", () => {
  const long = sources.filter((file) => textOf(file).split("\n").length > 301);
  expect(long).toEqual([]);
});
