/** Networks as the Docker engine sees them. */

import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { isContainer, isNetwork, type StateResource } from "../pulumi/stack.ts";
import type { Unrecorded } from "./owner.ts";

/** Names of all networks and volumes of the engine. */
export async function networksAndVolumes(): Promise<Set<string>> {
  const lists = await Promise.all(
    ["network", "volume"].map((kind) => execa("docker", [kind, "ls", "--format", "{{.Name}}"])),
  );
  return new Set(lists.flatMap(({ stdout }) => stdout.split("\n")));
}

/**
 * Docker does not remove a network that another container is on; the provider would find out after half a minute,
 * with this stack's containers gone.
 *
 * @throws {UserError} naming such containers
 */
export async function refuseGuests(
  resources: readonly StateResource[],
  unrecorded: Unrecorded,
): Promise<void> {
  const nameOf = ({ outputs }: StateResource) => String(outputs?.name);
  const own = new Set([...resources.filter(isContainer).map(nameOf), ...unrecorded.containers]);
  for (const name of [...resources.filter(isNetwork).map(nameOf), ...unrecorded.networks]) {
    const format = '{{range .Containers}}{{.Name}}{{"\\n"}}{{end}}';
    const inspected = await execa("docker", ["network", "inspect", "--format", format, name], {
      reject: false,
    });
    if (inspected.failed) continue; // gone already
    const guests = inspected.stdout.split("\n").filter((guest) => guest !== "" && !own.has(guest));
    if (guests.length > 0) {
      const ways = guests.map((guest) => `\`docker network disconnect ${name} ${guest}\``);
      throw new UserError(
        `\`${name}\`: containers that do not belong to this stack are on its network. Disconnect them first: ${ways.join(", ")}.`,
      );
    }
  }
}
