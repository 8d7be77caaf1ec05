import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { printable } from "../../config/printable.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { refuseGuests } from "../docker/network.ts";
import { leftOverVolumes } from "../docker/owner.ts";
import { print } from "../output/terminal.ts";
import { pulumi } from "../pulumi/pulumi.ts";
import { ensureStack, isVolume, stackResources } from "../pulumi/stack.ts";

/** Removes everything: containers, network, volumes with their data, secrets. Asks first. */
export async function destroy(toolchain: Toolchain, options: { yes?: boolean } = {}): Promise<void> {
  await ensureStack(toolchain);
  const resources = await stackResources(toolchain);
  const volumes = [
    ...resources.filter(isVolume).map(({ outputs }) => String(outputs?.name)),
    ...(await leftOverVolumes(resources)),
  ];
  if (!options.yes) await confirm(toolchain.stack, volumes);

  await refuseGuests(resources);
  if (resources.length > 0) {
    // In the state, not by running the program, which declares the data as protected.
    await pulumi(toolchain, ["state", "unprotect", "--all", "--yes"], { quiet: true });
    await pulumi(toolchain, ["destroy", "--yes", "--skip-preview"]);
  }
  // Weights volumes outlive their servers in the state, so they are removed here.
  if (volumes.length > 0) {
    const removed = await execa("docker", ["volume", "rm", "--force", ...volumes], { reject: false });
    if (removed.failed) throw new UserError(`\`docker volume rm\` failed: ${removed.stderr}`);
  }
  await pulumi(toolchain, ["stack", "rm", "--yes", "--preserve-config", toolchain.stack], { quiet: true });
  print("\nEverything is gone: containers, network, volumes, secrets.");
}

async function confirm(stack: string, volumes: readonly string[]): Promise<void> {
  const what = `This deletes the stack \`${stack}\` with all its data${volumes.length > 0 ? `: the volumes ${volumes.join(", ")}` : ""}, and its secrets.`;
  if (!process.stdin.isTTY)
    throw new UserError(`${what} There is no terminal to ask on: run \`npm run destroy -- --yes\`.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    printable(`${what}\nThis cannot be undone. Type the stack's name to continue: `),
  );
  terminal.close();
  if (answer.trim() !== stack) throw new UserError("not confirmed: nothing was changed");
}
