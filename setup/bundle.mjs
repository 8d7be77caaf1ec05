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
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Old parts of a bundle stay that long, in milliseconds, for whoever is loading them right now. */
const OLD_PARTS_MS = 60 * 60 * 1000;

/**
 * Takes about 15 ms when nothing changed, and a second otherwise.
 *
 * @param {string} root the project's folder
 * @param {string} outDir below it; its `stamp.json` names every source, whatever folder that is in, and every part
 * @param {import("esbuild").BuildOptions} options what differs from the options below
 */
export async function bundle(root, outDir, options) {
  const folder = join(root, outDir);
  if (isCurrent(root, folder)) return;
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
  const entries = new Set(
    Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint ? [basename(path)] : [],
    ),
  );
  const isEntry = ({ path }) => entries.has(basename(path));
  for (const file of [...outputFiles].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b))))
    replace(file.path, file.contents);
  // Packages are told by the lock file.
  const sources = Object.keys(metafile.inputs).filter((file) => !/(^|\/)node_modules\//.test(file));
  const parts = outputFiles.map(({ path }) => basename(path));
  replace(join(folder, "stamp.json"), stampOf(root, sources, parts));
  removeOldParts(folder, parts);
}

function isCurrent(root, folder) {
  try {
    const text = readFileSync(join(folder, "stamp.json"), "utf8");
    const { sources, parts } = JSON.parse(text);
    return text === stampOf(root, sources, parts) && parts.every((name) => existsSync(join(folder, name)));
  } catch {
    return false; // There is no stamp, or one of the sources is gone.
  }
}

/** Of the sources, the lock file and this module, by their contents. */
function stampOf(root, sources, parts) {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of [...sources, "package-lock.json"])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return JSON.stringify({ digest: hash.digest("hex"), sources, parts });
}

function replace(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  writeFileSync(half, contents);
  renameSync(half, path);
}

function removeOldParts(folder, current) {
  for (const name of readdirSync(folder)) {
    if (name === "stamp.json" || current.includes(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > OLD_PARTS_MS) rmSync(path, { recursive: true, force: true });
  }
}
