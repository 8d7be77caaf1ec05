/** Makes the two programs that run inside the LiteLLM image: `query-engine.cjs` and `migrate.cjs`. */

import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Bundles both programs and the WASM files they load into `outDir`, which then runs with Node 20 alone, without
 * `node_modules`:
 * `query-engine.cjs` (executable, with a `#!` line), `engine.cjs` (loaded by it), `migrate.cjs`, `query_engine_bg.wasm`,
 * `prisma_schema_build_bg.wasm`.
 *
 * Optional next step: `PRISMA_DML_PATH=schema.prisma node query-engine.cjs --prepare`, see `main.ts`.
 *
 * @returns the paths of all files that the programs are made of
 */
export async function bundleQueryEngine(outDir: string): Promise<readonly string[]> {
  await mkdir(outDir, { recursive: true });
  const engineWasm = require.resolve("@prisma/client/runtime/query_engine_bg.postgresql.wasm-base64.js");
  const { wasm } = require(engineWasm) as { wasm: string };
  const schemaWasm = join(
    dirname(require.resolve("@prisma/prisma-schema-wasm")),
    "prisma_schema_build_bg.wasm",
  );
  const [{ metafile }] = await Promise.all([
    build({
      absWorkingDir: here,
      metafile: true,
      entryPoints: {
        "query-engine": join(here, "main.ts"),
        engine: join(here, "engine.ts"),
        migrate: join(here, "migrate-main.ts"),
      },
      outdir: outDir,
      outExtension: { ".js": ".cjs" },
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      minify: true,
      keepNames: true,
      banner: { js: "#!/usr/bin/env node" },
      // Optional parts of `pg` that are never installed, and the part that `main.ts` loads by itself.
      external: ["pg-native", "cloudflare:sockets", "./engine.cjs"],
      logLevel: "warning",
    }),
    writeFile(join(outDir, "query_engine_bg.wasm"), Buffer.from(wasm, "base64")),
    copyFile(schemaWasm, join(outDir, "prisma_schema_build_bg.wasm")),
  ]);
  await Promise.all(["query-engine.cjs", "migrate.cjs"].map((file) => chmod(join(outDir, file), 0o755)));
  return [...Object.keys(metafile.inputs).map((file) => join(here, file)), engineWasm, schemaWasm];
}
