/** Which of the project's files import which, as their texts say. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "../..");

/** The project's own files, tests among them, that are there: those that git knows or would add. */
export function projectFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
}

/** The text of one of the project's files. */
export const textOf = (file: string) => readFileSync(join(root, file), "utf8");

/** Examples in comments are no imports. */
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const SPECIFIER = /\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g;

/** The project's files that a file imports, dynamic imports and types among them, and the packages of `packages/`. */
export function importsOf(file: string): string[] {
  return [...textOf(file).replace(COMMENT, "").matchAll(SPECIFIER)].flatMap(([, specifier = ""]) => {
    if (specifier.startsWith(".")) return [normalize(join(dirname(file), specifier))];
    const [name = ""] = specifier.split("/");
    return existsSync(join(root, "packages", name)) ? [`packages/${name}`] : [];
  });
}

/** A circle of files that import each other, the first one again at its end; undefined when there is none. */
export function importCircle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
