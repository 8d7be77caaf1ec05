/** The stack's volumes as the Docker engine sees them. */

import { execa } from "execa";
import { OWNER_LABEL } from "../../infra/labels.ts";
import { isVolume, type StateResource } from "../pulumi/stack.ts";

/** Volumes labelled with this stack's id that are not in its state. */
export async function leftOverVolumes(resources: readonly StateResource[]): Promise<string[]> {
  const owner = resources.find((resource) => resource.type === "random:index/randomId:RandomId")?.outputs
    ?.hex;
  if (typeof owner !== "string") return [];
  const { stdout } = await execa("docker", [
    "volume",
    "ls",
    "--quiet",
    "--filter",
    `label=${OWNER_LABEL}=${owner}`,
  ]);
  const known = new Set(
    resources.map((resource) => (isVolume(resource) ? resource.outputs?.name : undefined)),
  );
  return stdout.split("\n").filter((name) => name !== "" && !known.has(name));
}
