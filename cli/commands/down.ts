import type { Toolchain } from "../../setup/prepare.ts";
import { print } from "../output/terminal.ts";
import { readyStack } from "../pulumi/heal.ts";
import { stackResources } from "../pulumi/stack.ts";
import { takeDown } from "../pulumi/take-down.ts";

/** Removes containers and network; volumes and secrets are kept for the next `up`. */
export async function down(toolchain: Toolchain): Promise<void> {
  await readyStack(toolchain);
  const isGone = await takeDown(toolchain, await stackResources(toolchain), true);
  print(
    isGone
      ? "\nContainers and network are removed. Data, models and secrets are kept: `npm run up` brings the stack up again."
      : "Nothing is running.",
  );
}
