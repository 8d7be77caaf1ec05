import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
const GLOSSARY = "docs/glossary.md";
/** The glossary names the words, the changelog old names; the others are not ours to write. */
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

/** Where a text uses one of these words, such as `cli/main.ts:12: by-word`. */
function placesIn(file: string, text: string, words: readonly string[]): string[] {
  return words.flatMap((word) =>
    [...text.matchAll(finder(word))].map(
      ({ index }) => `${file}:${text.slice(0, index).split("\n").length}: ${word}`,
    ),
  );
}

it("words are found as a whole, over line ends, and with a capital letter just as they stand", () => {
  const text = "A RED_HAT, redhats, the blue\n * sky\n// is wide; bluesky, WideSky, widesky";
  const words = ["red", "hat", "blue sky is", "WideSky"];
  expect(placesIn("a", text, words)).toEqual(["a:1: red", "a:1: hat", "a:1: blue sky is", "a:3: WideSky"]);
});

it("nothing that git tracks uses another word than the glossary's", () => {
  const words = wordsNotToUse(readFileSync(join(ROOT, GLOSSARY), "utf8"));
  expect(words.length).toBeGreaterThan(30);
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
  const files = tracked.filter((file) => /\.(ts|mjs|md|json|ya?ml|py|sh|go|txt)$|Dockerfile$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const places = files
    .filter((file) => !LEFT_OUT.includes(file) && existsSync(join(ROOT, file)))
    .flatMap((file) =>
      [file, readFileSync(join(ROOT, file), "utf8")].flatMap((text) => placesIn(file, text, words)),
    );
  expect(places).toEqual([]);
});
