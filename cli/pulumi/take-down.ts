/** Takes a stack's containers and network away; its data, secrets and LiteLLM's objects stay in the state. */

import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { refuseGuests } from "../docker/network.ts";
import { findUnrecorded, removeUnrecorded } from "../docker/owner.ts";
import { pulumi } from "./pulumi.ts";
import { isProxy, type StateResource } from "./stack.ts";
import { targetsOfDown } from "./targets.ts";

/**
 * Removes every container and network of the stack, those too that its state does not hold.
 *
 * @param keepsData whether the proxy is given the time to write its last spend
 * @returns whether there was anything
 * @throws {UserError} when somebody else's container is on the network; then nothing was touched
 */
export async function takeDown(
  toolchain: Toolchain,
  resources: readonly StateResource[],
  keepsData: boolean,
): Promise<boolean> {
  const unrecorded = await findUnrecorded(resources);
  const going = targetsOfDown(resources);
  if (going.length + unrecorded.containers.length + unrecorded.networks.length === 0) return false;
  await refuseGuests(resources, unrecorded);
  if (keepsData) await stopProxy(resources);
  await removeUnrecorded(unrecorded);
  if (going.length > 0) {
    const targets = going.flatMap((urn) => ["--target", urn]);
    await pulumi(toolchain, ["destroy", "--yes", "--skip-preview", "--suppress-outputs", ...targets]);
  }
  return true;
}

/** Stops the proxy while its database still runs: it writes its last spend when it stops. */
async function stopProxy(resources: readonly StateResource[]): Promise<void> {
  const proxy = resources.find(isProxy);
  if (proxy === undefined) return;
  const stopped = await execa("docker", ["stop", String(proxy.outputs?.name)], { reject: false });
  if (stopped.failed && !/No such container/.test(stopped.stderr))
    throw new UserError(`\`docker stop\` failed: ${stopped.stderr}`);
}
