// The CLI and the program of index.ts as one bundle in `cli/dist`: loaded as some 200 files of TypeScript, `--help` takes
// 2.3 s of CPU, and as a bundle half a second. Plain JavaScript, as it runs before TypeScript can be loaded.

import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { bundle } from "../setup/bundle.mjs";

/** Loaded by few commands, or in parts of their own; bundled, they would only make the bundle larger. */
const PACKAGES = [
  "@grpc/*",
  "@langchain/*",
  "@modelcontextprotocol/*",
  "@pulumi/*",
  "esbuild",
  "google-protobuf",
  "langchain",
  "mathjs",
  "pg-native",
];

/** The agent finds its tools as files of their own, so it runs as TypeScript. */
const AS_THEY_STAND = /^\.\/commands\/(agent|ask)\.ts$|\.mjs$/;

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
      onResolve({ filter: AS_THEY_STAND }, ({ path, importer }) =>
        importer.includes("/node_modules/")
          ? undefined
          : { path: relative(join(root, "cli", "dist"), join(dirname(importer), path)), external: true },
      );
    },
  };
}

/** Bundles the CLI of the project at `root`, where one of its sources changed. */
export function bundleCli(root) {
  return bundle(root, join("cli", "dist"), {
    entryPoints: { main: join(root, "cli", "main.ts"), program: join(root, "index.ts") },
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    keepNames: true,
    external: PACKAGES,
    banner: { js: BANNER },
    define: { "process.env.LLM_STACK_BUNDLED": '"1"' },
    plugins: [ownAddresses(root)],
  });
}
