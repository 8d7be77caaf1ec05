import type { Toolchain } from "../../setup/prepare.ts";
import { exportLine } from "../output/shell.ts";
import { printForShell } from "../output/terminal.ts";
import { pulumiEnvironment } from "../pulumi/environment.ts";
import { ensureStack } from "../pulumi/stack.ts";

/** Prints a line to eval that puts the prepared Pulumi and its settings into a shell. */
export async function env(toolchain: Toolchain): Promise<void> {
  await ensureStack(toolchain);
  printForShell(exportLine(pulumiEnvironment(toolchain)));
}
