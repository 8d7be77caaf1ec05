import type { Machine } from "../../setup/prepare.ts";
import { ensureStack, pulumi, type StateResource, stackResources } from "../pulumi.ts";

const GOING = new Set(["docker:index/container:Container", "docker:index/network:Network"]);

/** Takes containers and network away; volumes and secrets stay, and `up` goes on with them. */
export async function down(machine: Machine): Promise<void> {
  await ensureStack(machine);
  const going = targetsOfDown(await stackResources(machine));
  if (going.length === 0) {
    console.log("Nothing is running.");
    return;
  }
  await pulumi(machine, ["destroy", "--yes", "--skip-preview", ...going.flatMap((urn) => ["--target", urn])]);
  console.log(
    "\nContainers and network are gone. Data, models and secrets are kept: `npm run up` goes on with them.",
  );
}

/** What `down` takes away: every container and network. */
export function targetsOfDown(resources: readonly StateResource[]): string[] {
  return resources.filter((resource) => GOING.has(resource.type)).map((resource) => resource.urn);
}
