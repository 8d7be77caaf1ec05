import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { refuseGuests } from "../docker/network.ts";
import { findUnrecorded, removeUnrecorded } from "../docker/owner.ts";
import { print } from "../output/terminal.ts";
import { readyStack } from "../pulumi/heal.ts";
import { pulumi } from "../pulumi/pulumi.ts";
import { isProxy, type StateResource, stackResources } from "../pulumi/stack.ts";
import { targetsOfDown } from "../pulumi/targets.ts";

/** Removes containers and network; volumes and secrets are kept for the next `up`. */
export async function down(toolchain: Toolchain): Promise<void> {
  await readyStack(toolchain);
  const resources = await stackResources(toolchain);
  const unrecorded = await findUnrecorded(resources);
  const going = targetsOfDown(resources);
  if (going.length + unrecorded.containers.length + unrecorded.networks.length === 0) {
    print("Nothing is running.");
    return;
  }
  await refuseGuests(resources, unrecorded);
  await stopProxy(resources);
  await removeUnrecorded(unrecorded);
  if (going.length > 0) {
    const targets = going.flatMap((urn) => ["--target", urn]);
    await pulumi(toolchain, ["destroy", "--yes", "--skip-preview", "--suppress-outputs", ...targets]);
  }
  print(
    "\nContainers and network are removed. Data, models and secrets are kept: `npm run up` brings the stack up again.",
  );
}

/** Stops the proxy while its database still runs: it writes its last spend when it stops. */
async function stopProxy(resources: readonly StateResource[]): Promise<void> {
  const proxy = resources.find(isProxy);
  if (proxy === undefined) return;
  const stopped = await execa("docker", ["stop", String(proxy.outputs?.name)], { reject: false });
  if (stopped.failed && !/No such container/.test(stopped.stderr))
    throw new UserError(`\`docker stop\` failed: ${stopped.stderr}`);
}
