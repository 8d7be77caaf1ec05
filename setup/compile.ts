/** Compiles the project's own Pulumi plug-ins to plain JavaScript, so that no preview waits for TypeScript. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { bundle } from "./bundle.mjs";

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

/** Bundles `<folder>/main.ts` into `<folder>/dist/main.cjs`, which needs Node.js alone. */
export function compilePlugin(root: string, folder: string, plugins: readonly Plugin[] = []): Promise<void> {
  const options = {
    entryPoints: { main: join(root, folder, "main.ts") },
    outExtension: { ".js": ".cjs" },
    format: "cjs" as const,
    minify: true,
    keepNames: true,
    plugins: [...plugins],
  };
  return bundle(root, join(folder, "dist"), options, fileURLToPath(import.meta.url));
}
