// The hooks that typescript.mjs registers. They run in a thread of their own.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";

/** Node.js asks for the source of a module here. Lines stay where they are, so stack traces need no source map. */
export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:" || !pathname.endsWith(".ts") || pathname.includes("/node_modules/"))
    return next(url, context);
  const { code } = transform(await readFile(fileURLToPath(url), "utf8"), {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true,
  });
  return { format: "module", source: code, shortCircuit: true };
}
