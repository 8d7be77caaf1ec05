/** Compiles the project's own Pulumi plug-ins to plain JavaScript, so that no preview waits for TypeScript. */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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
 * from the same sources. Takes a third of a second.
 */
async function compilePlugin(root: string, folder: string, plugins: Plugin[] = []): Promise<void> {
  const out = join(root, folder, "dist", "main.cjs");
  const stamp = `// ${digest(root, folder)}\n`;
  if (existsSync(out) && readFileSync(out, "utf8").startsWith(stamp)) return;
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(root, folder, "main.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    keepNames: true,
    plugins,
    write: false,
    logLevel: "warning",
  });
  await mkdir(dirname(out), { recursive: true });
  const half = `${out}.${process.pid}`;
  await writeFile(half, stamp + outputFiles[0]?.text);
  await rename(half, out);
}

/** What the result depends on: the sources, and the packages that they bundle. */
function digest(root: string, folder: string): string {
  const sources = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("dist"))
    .sort();
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of [...sources.map((file) => join(folder, file)), "package-lock.json"])
    hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}
