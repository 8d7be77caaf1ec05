/** All that the query engine's programs are made of, for the recipe of the image that holds them. */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { hashOfFiles } from "../recipe.ts";

const PACKAGE = "prisma-wasm-engine";
const LOCK_FILE = new URL("../../../package-lock.json", import.meta.url);

/** The parts of a `package-lock.json` of version 3 that matter here. */
export interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
        /** Of a workspace: its folder. */
        readonly link?: boolean;
        readonly resolved?: string;
      }
    >
  >;
}

/** A hash over the engine's sources, and `name@version` of every npm package that it needs. */
export function engineInputs(): { readonly sources: string; readonly packages: readonly string[] } {
  const folder = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/bundle`));
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.ts$/.test(file),
  );
  const lock = JSON.parse(readFileSync(LOCK_FILE, "utf8")) as LockFile;
  return { sources: hashOfFiles(folder, sources), packages: lockedPackages(lock, PACKAGE) };
}

/**
 * `name@version` of every package that `name` needs to run, those that its dependencies need and optional ones
 * included (`pg-cloudflare` goes into the programs), in the order of their names. Those for development are left out.
 *
 * @throws when the lock file does not hold one of them
 */
export function lockedPackages(lock: LockFile, name: string): readonly string[] {
  const found = new Map<string, string>();
  const visit = (place: string): void => {
    const { dependencies, optionalDependencies } = lock.packages[place] ?? {};
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = placeOf(lock, dependency, place);
      if (found.has(at)) continue;
      found.set(at, `${dependency}@${lock.packages[at]?.version}`);
      visit(at);
    }
  };
  const root = lock.packages[`node_modules/${name}`];
  visit(root?.link ? (root.resolved ?? "") : `node_modules/${name}`);
  return [...found.values()].sort();
}

/** Where Node.js finds `dependency` from `place`: the nearest `node_modules`. */
function placeOf(lock: LockFile, dependency: string, place: string): string {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const at = `${folder === "" ? "" : `${folder}/`}node_modules/${dependency}`;
    if (at in lock.packages) return at;
    if (folder === "") throw new Error(`\`package-lock.json\` does not hold \`${dependency}\``);
  }
}
