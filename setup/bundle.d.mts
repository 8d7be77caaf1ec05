import type { BuildOptions } from "esbuild";

export function bundle(root: string, outDir: string, options: BuildOptions): Promise<void>;
