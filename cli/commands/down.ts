import { execa } from "execa";
import { UserError } from "../../setup/errors.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import {
  ensureStack,
  isContainer,
  isNetwork,
  pulumi,
  type StateResource,
  stackResources,
} from "../pulumi/pulumi.ts";

/** Takes containers and network away; volumes and secrets stay, and `up` goes on with them. */
export async function down(toolchain: Toolchain): Promise<void> {
  await ensureStack(toolchain);
  const resources = await stackResources(toolchain);
  const going = targetsOfDown(resources);
  if (going.length === 0) {
    console.log("Nothing is running.");
    return;
  }
  await refuseGuests(resources);
  await stopProxy(resources);
  const targets = going.flatMap((urn) => ["--target", urn]);
  await pulumi(toolchain, ["destroy", "--yes", "--skip-preview", "--suppress-outputs", ...targets]);
  console.log(
    "\nContainers and network are gone. Data, models and secrets are kept: `npm run up` goes on with them.",
  );
}

/** What `down` takes away: every container and network. */
export function targetsOfDown(resources: readonly StateResource[]): string[] {
  return resources.filter((resource) => isContainer(resource) || isNetwork(resource)).map(({ urn }) => urn);
}

/** Stops the proxy while its database is there: it writes its last spend when it stops. */
async function stopProxy(resources: readonly StateResource[]): Promise<void> {
  const proxy = resources.find((resource) => isContainer(resource) && resource.urn.endsWith("::proxy"));
  if (proxy === undefined) return;
  const stopped = await execa("docker", ["stop", String(proxy.outputs?.name)], { reject: false });
  if (stopped.failed && !/No such container/.test(stopped.stderr))
    throw new UserError(`\`docker stop\` failed: ${stopped.stderr}`);
}

/**
 * Docker removes no network that somebody else's container is on; the provider would find out after half a minute,
 * with our containers gone.
 *
 * @throws {UserError} naming such containers
 */
export async function refuseGuests(resources: readonly StateResource[]): Promise<void> {
  const own = new Set(resources.filter(isContainer).map(({ outputs }) => outputs?.name));
  for (const network of resources.filter(isNetwork)) {
    const name = String(network.outputs?.name);
    const format = '{{range .Containers}}{{.Name}}{{"\\n"}}{{end}}';
    const inspected = await execa("docker", ["network", "inspect", "--format", format, name], {
      reject: false,
    });
    if (inspected.failed) continue; // gone already
    const guests = inspected.stdout.split("\n").filter((guest) => guest !== "" && !own.has(guest));
    if (guests.length > 0) {
      const ways = guests.map((guest) => `\`docker network disconnect ${name} ${guest}\``);
      throw new UserError(
        `\`${name}\`: containers that are not of this stack are on its network. First ${ways.join(", ")}.`,
      );
    }
  }
}
