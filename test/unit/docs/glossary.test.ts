import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
const GLOSSARY = "docs/glossary.md";
/** Names the words themselves; what others wrote; what a program wrote. */
const LEFT_OUT = [GLOSSARY, "CHANGELOG.md", "package-lock.json", "LICENSE"];

/** The words in the last column of the table under "Write this, not that". */
function wordsNotToUse(glossary: string): string[] {
  const table = glossary.split("## Write this, not that")[1] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).flatMap((row) => {
    const last = row.split("|").at(-2) ?? "";
    return [...last.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
  });
}

/** Finds a word as a whole, over line ends of comments and prose too. One without capital letters finds those as well. */
function finder(word: string): RegExp {
  const spaced = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "(?:\\s|\\*|//|#)+");
  return new RegExp(`(?<![A-Za-z])${spaced}(?![A-Za-z])`, word === word.toLowerCase() ? "gi" : "g");
}

const words = wordsNotToUse(readFileSync(join(ROOT, GLOSSARY), "utf8"));

/** Places such as `cli/main.ts:12: hole`. */
function placesIn(file: string, text: string): string[] {
  return words.flatMap((word) =>
    [...text.matchAll(finder(word))].map(
      ({ index }) => `${file}:${text.slice(0, index).split("\n").length}: ${word}`,
    ),
  );
}

describe("the glossary's table", () => {
  it("lists words that are found as whole words, whatever the case, and over line ends", () => {
    expect(words).toEqual(expect.arrayContaining(["hole", "way out", "isPlayed"]));
    const text = "LITELLM_HOLES, a whole\n * way\n * out; isplayed, isPlayed";
    expect(placesIn("a", text).sort()).toEqual(["a:1: holes", "a:2: way out", "a:3: isPlayed"]);
  });
});

it("nothing that git tracks uses another word than the glossary's", () => {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
  const files = tracked.filter((file) => /\.(ts|mjs|md|json|ya?ml|py|sh|go|txt)$|Dockerfile$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const places = files
    .filter((file) => !LEFT_OUT.includes(file))
    .flatMap((file) => [...placesIn(file, file), ...placesIn(file, readFileSync(join(ROOT, file), "utf8"))]);
  expect(places).toEqual([]);
});
