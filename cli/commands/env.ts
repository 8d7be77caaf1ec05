import type { Toolchain } from "../../setup/prepare.ts";
import { ensureStack, pulumiEnvironment } from "../pulumi/pulumi.ts";

/** Prints a line to eval that puts the prepared Pulumi and its settings into a shell. */
export async function env(toolchain: Toolchain): Promise<void> {
  await ensureStack(toolchain);
  console.log(exportLine(pulumiEnvironment(toolchain)));
}

/** `export A='1' B='2'`, safe for any value in a POSIX shell. */
export function exportLine(settings: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(settings).map(
    ([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return `export ${quoted.join(" ")}`;
}
