// Bundles entry points into a `dist` folder, unless what is there was made from the same sources. Plain JavaScript, as
// cli/bootstrap.mjs runs it before TypeScript can be loaded.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Old parts of a bundle stay that long, in milliseconds, for whoever is loading them right now. */
const OLD_PARTS_MS = 60 * 60 * 1000;

/**
 * Takes about 15 ms when nothing changed, and a second otherwise.
 *
 * @param {string} root the project's folder
 * @param {string} outDir below it; its `stamp.json` names every source, whatever folder that is in, and every part
 * @param {import("esbuild").BuildOptions} options what differs from the options below
 * @param {string} recipe the file that holds these options: when it changed, the bundle is made again too
 */
export async function bundle(root, outDir, options, recipe) {
  const folder = join(root, outDir);
  const entryPoints = Object.values(options.entryPoints).map((file) => relative(root, file));
  if (isCurrent(root, folder, entryPoints, recipe)) return;
  const { build } = await import("esbuild");
  const { outputFiles = [], metafile } = await build({
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "warning",
    ...options,
    absWorkingDir: root,
    outdir: folder,
    write: false,
    metafile: true,
  });
  mkdirSync(folder, { recursive: true });
  // Parts first: who finds an entry point or the stamp finds the rest.
  const isEntry = ({ path }) => Boolean(metafile.outputs[relative(root, path)]?.entryPoint);
  for (const file of [...outputFiles].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b))))
    replace(file.path, file.contents);
  // Packages are told by the lock file.
  const sources = Object.keys(metafile.inputs).filter((file) => !/(^|\/)node_modules\//.test(file));
  const parts = outputFiles.map(({ path }) => relative(folder, path));
  replace(join(folder, "stamp.json"), stampOf(root, { entryPoints, sources, parts }, recipe));
  removeOldParts(folder, parts);
}

function isCurrent(root, folder, entryPoints, recipe) {
  try {
    const text = readFileSync(join(folder, "stamp.json"), "utf8");
    const { sources, parts } = JSON.parse(text);
    return (
      text === stampOf(root, { entryPoints, sources, parts }, recipe) &&
      parts.every((name) => existsSync(join(folder, name)))
    );
  } catch {
    return false; // There is no stamp, or one of the sources is gone.
  }
}

/** With a digest of the sources, the lock file, the recipe and this module. */
function stampOf(root, { entryPoints, sources, parts }, recipe) {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  hash.update(readFileSync(recipe));
  for (const file of [...sources, "package-lock.json"])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return JSON.stringify({ digest: hash.digest("hex"), entryPoints, sources, parts });
}

function replace(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  writeFileSync(half, contents);
  renameSync(half, path);
}

/** Entry points that are gone at once, as somebody may look for them; other parts after a while. */
function removeOldParts(folder, current) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || entry.name === "stamp.json" || current.includes(relative(folder, path))) continue;
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    const isFound = entry.parentPath !== folder && !/\.\d+$/.test(entry.name); // Another run may just write its own.
    if (isFound || Date.now() - mtimeMs > OLD_PARTS_MS) rmSync(path, { force: true });
  }
}
