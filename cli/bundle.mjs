// The CLI and the program of index.ts as one bundle in `cli/dist`: loaded as some 200 files of TypeScript, `--help` takes
// 2.3 s of CPU, and as a bundle half a second. Plain JavaScript, as it runs before TypeScript can be loaded.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../setup/bundle.mjs";

/** Loaded as they are: Pulumi's SDK is patched while it loads, and its parts know each other; the others are rarely used. */
const PACKAGES = [
  "@grpc/*",
  "@modelcontextprotocol/*",
  "@pulumi/*",
  "esbuild",
  "google-protobuf",
  "mathjs",
  "pg-native",
];

/** Where this project's folder is, seen from `cli/dist`, and what CommonJS packages need. */
const BANNER = `import { createRequire as createRequireOfBundle } from "node:module";
import { fileURLToPath as pathOfBundle } from "node:url";
const require = createRequireOfBundle(import.meta.url);
const projectOfBundle = new URL("../../", import.meta.url);`;

/** Leaves each module's own address what it is: scripts, Dockerfiles and the like stand beside the sources. */
function ownAddresses(root) {
  return {
    name: "own-addresses",
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes("/node_modules/")) return undefined;
        const place = (file) => `new URL(${JSON.stringify(relative(root, file))}, projectOfBundle)`;
        const text = await readFile(path, "utf8");
        const contents = text
          .replaceAll("import.meta.url", `${place(path)}.href`)
          .replaceAll("import.meta.dirname", `pathOfBundle(${place(dirname(path))})`);
        return { contents, loader: "ts" };
      });
      onResolve({ filter: /\.mjs$/ }, ({ path, importer }) =>
        importer.includes("/node_modules/")
          ? undefined
          : { path: relative(join(root, "cli", "dist"), join(dirname(importer), path)), external: true },
      );
    },
  };
}

/** The agent's tools, each an entry point: it finds them as files. */
function tools(root) {
  const folder = join(root, "agent", "tools");
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  return Object.fromEntries(files.map((name) => [`tools/${basename(name, ".ts")}`, join(folder, name)]));
}

/**
 * Bundles the CLI of the project at `root`, where one of its sources changed.
 *
 * @throws esbuild's error, which it has printed
 */
export function bundleCli(root) {
  const options = {
    entryPoints: {
      main: join(root, "cli", "main.ts"),
      program: join(root, "index.ts"),
      watchdog: join(root, "cli", "pulumi", "watchdog.ts"),
      ...tools(root),
    },
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    keepNames: true,
    external: PACKAGES,
    banner: { js: BANNER },
    define: { "process.env.LLM_STACK_BUNDLED": '"1"' },
    plugins: [ownAddresses(root)],
  };
  return bundle(root, join("cli", "dist"), options, fileURLToPath(import.meta.url));
}
