/** Compiles the project's own Pulumi plug-ins to plain JavaScript, so that no preview waits for TypeScript. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** Compiles the provider and the policy pack, where their sources changed. */
export async function compilePlugins(root: string): Promise<void> {
  await Promise.all([
    compilePlugin(root, "provider"),
    compilePlugin(root, "policies", [slimSdk(join(root, "policies", "pulumi-sdk.ts"))]),
  ]);
}

/** Puts `file` in the place of Pulumi's SDK, whose protocol files stay. */
function slimSdk(file: string): Plugin {
  return {
    name: "slim-sdk",
    setup({ onResolve }) {
      onResolve({ filter: /^@pulumi\/pulumi(\/runtime\/rpc)?$/ }, () => ({ path: file }));
    },
  };
}

/**
 * Bundles `<folder>/main.ts` into `<folder>/dist/main.cjs`, which needs Node.js alone, unless it is there and made
 * from the same sources, whatever folder they are in. Takes a third of a second.
 */
export async function compilePlugin(
  root: string,
  folder: string,
  plugins: readonly Plugin[] = [],
): Promise<void> {
  const out = join(root, folder, "dist", "main.cjs");
  if (existsSync(out) && isCurrent(root, readFileSync(out, "utf8"))) return;
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, folder, "main.ts")],
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    keepNames: true,
    plugins: [...plugins],
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  // Packages are told by the lock file.
  const sources = Object.keys(metafile.inputs).filter((file) => !/(^|\/)node_modules\//.test(file));
  await mkdir(dirname(out), { recursive: true });
  const half = `${out}.${process.pid}`;
  await writeFile(half, stampLine(root, sources) + outputFiles[0]?.text);
  await rename(half, out);
}

/** Whether a bundle was made from what its sources are now; its first line names them. */
function isCurrent(root: string, bundle: string): boolean {
  const line = bundle.slice(0, bundle.indexOf("\n") + 1);
  try {
    const { sources }: Stamp = JSON.parse(line.slice("// ".length));
    return line === stampLine(root, sources);
  } catch {
    return false; // One of them is gone, or the line is of an earlier release.
  }
}

/** What a bundle is made of. */
interface Stamp {
  /** SHA-256 of the sources, the lock file and this module. */
  readonly digest: string;
  /** Paths from the project's folder. */
  readonly sources: readonly string[];
}

function stampLine(root: string, sources: readonly string[]): string {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of [...sources, "package-lock.json"])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return `// ${JSON.stringify({ digest: hash.digest("hex"), sources } satisfies Stamp)}\n`;
}
