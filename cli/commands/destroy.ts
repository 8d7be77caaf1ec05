import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { readIfPresent } from "../../config/from-files.ts";
import { printable } from "../../config/printable.ts";
import { parseStackFile, stackFiles } from "../../config/stack-file.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { isOwner, stackVolumes } from "../docker/owner.ts";
import { print, printError } from "../output/terminal.ts";
import { readyStack } from "../pulumi/heal.ts";
import { pulumi } from "../pulumi/pulumi.ts";
import { removeStack, requireStack, type StateResource, stackResources } from "../pulumi/stack.ts";
import { takeDown } from "../pulumi/take-down.ts";

/** Removes everything: containers, network, volumes with their data, generated secrets. Asks first. */
export async function destroy(toolchain: Toolchain, options: { yes?: boolean } = {}): Promise<void> {
  await requireStack(toolchain);
  await readyStack(toolchain);
  const resources = await stackResources(toolchain);
  const { own: volumes, replaced } = await stackVolumes(resources);
  if (!options.yes) await confirm(toolchain.stack, volumes);

  // In this order, so that a run that dies loses either nothing, or all that was to go: what is left of the state is of no
  // use without the data, and tells the next run what is the stack's.
  await takeDown(toolchain, resources, false);
  if (volumes.length > 0) {
    const removed = await execa("docker", ["volume", "rm", "--force", ...volumes], { reject: false });
    if (removed.failed) throw new UserError(`\`docker volume rm\` failed: ${removed.stderr}`);
  }
  for (const { outputs } of replaced)
    printError(`\`${outputs?.name}\` is left: it is not the volume that this stack made.`);
  if (!resources.every(isGoneWithState)) await destroyRest(toolchain, resources, replaced);
  await removeStack(toolchain);
  print(
    "\nEverything is gone: containers, network, volumes, generated secrets, and the copies of the state that held them.",
  );
  const { own: file } = stackFiles(toolchain.stack);
  const { secretNames } = parseStackFile(readIfPresent(join(toolchain.root, file)) ?? "", file);
  if (secretNames.size > 0)
    print(
      `Secrets that you set stay, encrypted, in \`${file}\`: ${[...secretNames].join(", ")}. \`pulumi config rm NAME\` removes one.`,
    );
}

/** What is nowhere but in the state, or was removed before. The images are kept on purpose. */
const isGoneWithState = ({ type }: StateResource) =>
  /^(llm-stack|litellm|pulumi|random):|^docker:index\/(container|network|remoteImage|volume):/.test(type);

/** Destroys what a program holds that was extended. */
async function destroyRest(
  toolchain: Toolchain,
  resources: readonly StateResource[],
  replaced: readonly StateResource[],
): Promise<void> {
  for (const { urn } of replaced)
    await pulumi(toolchain, ["state", "delete", urn, "--force", "--yes"], { quiet: true });
  // In the state, not by running the program, which declares the data as protected.
  await pulumi(toolchain, ["state", "unprotect", "--all", "--yes"], { quiet: true });
  const last = resources.filter(isOwner).flatMap(({ urn }) => ["--exclude", urn]);
  await pulumi(toolchain, ["destroy", "--yes", "--skip-preview", ...last]);
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
