import type { BuildOptions } from "esbuild";

export function bundle(
  root: string,
  outDir: string,
  options: BuildOptions & { entryPoints: Record<string, string> },
  recipe: string,
): Promise<void>;
