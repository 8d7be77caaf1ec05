import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { UserError } from "../../setup/errors.ts";
import type { Machine } from "../../setup/prepare.ts";
import { ensureStack, pulumi, stackResources } from "../pulumi.ts";
import { leftOverVolumes } from "./status.ts";

/** Removes everything: containers, network, volumes with their data, secrets. Asks first. */
export async function destroy(machine: Machine, options: { yes?: boolean } = {}): Promise<void> {
  await ensureStack(machine);
  const resources = await stackResources(machine);
  const volumes = [
    ...resources.flatMap(({ type, outputs }) =>
      type === "docker:index/volume:Volume" ? [String(outputs?.name)] : [],
    ),
    ...(await leftOverVolumes(resources)),
  ];
  if (!options.yes) await confirm(machine.stack, volumes);

  if (resources.length > 0) {
    // In the state, not by a run of the program: the program's own wish is that data stays protected.
    await pulumi(machine, ["state", "unprotect", "--all", "--yes"], { quiet: true });
    await pulumi(machine, ["destroy", "--yes", "--skip-preview"]);
  }
  // Weights volumes outlive their servers in the state, so they are removed here.
  const left = await execa("docker", ["volume", "rm", "--force", ...volumes], { reject: false });
  if (volumes.length > 0 && left.failed) throw new UserError(`\`docker volume rm\` failed: ${left.stderr}`);
  await pulumi(machine, ["stack", "rm", "--yes", "--preserve-config", machine.stack], { quiet: true });
  console.log("\nEverything is gone: containers, network, volumes, secrets.");
}

async function confirm(stack: string, volumes: readonly string[]): Promise<void> {
  const what = `This deletes the stack \`${stack}\` with all its data${volumes.length > 0 ? `: the volumes ${volumes.join(", ")}` : ""}, and its secrets.`;
  if (!process.stdin.isTTY)
    throw new UserError(`${what} There is no terminal to ask on: say \`npm run destroy -- --yes\`.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what}\nThere is no way back. Type the stack's name to go on: `);
  terminal.close();
  if (answer.trim() !== stack) throw new UserError("not confirmed: nothing was touched");
}
