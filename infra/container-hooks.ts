/** What a container needs beside what Pulumi's Docker provider can say. */

import * as pulumi from "@pulumi/pulumi";
import { docker } from "./docker.ts";
import { USER_LABEL } from "./labels.ts";
import { OLLAMA_USER } from "./ollama-server.ts";

/** What is looked at of a container's inputs. */
interface Inputs {
  readonly image?: string;
  readonly user?: string;
  readonly ulimits?: readonly { readonly name: string; readonly hard: number }[];
  readonly volumes?: readonly { readonly volumeName?: string }[];
}

/**
 * Limits the processes of each container that the program makes from here on (Docker's \`--pids-limit\`, by the hard
 * \`nproc\` limit among its \`ulimits\`, which alone counts all processes of a user on the host together), and gives its user
 * the files of a volume from before, when model servers ran as root.
 */
export function completeContainers(): void {
  const limit = new pulumi.ResourceHook("limit-processes", async ({ id, newInputs }) => {
    const processes = processLimit(newInputs as Inputs);
    if (processes !== undefined) await docker("update", "--pids-limit", String(processes), String(id));
  });
  const giveFiles = new pulumi.ResourceHook("give-files-to-user", async ({ newInputs }) => {
    const { image, user, volumes = [] } = newInputs as Inputs;
    if (image === undefined || user !== OLLAMA_USER) return;
    for (const { volumeName } of volumes)
      if (volumeName !== undefined && (await lacksUser(volumeName))) await chown(volumeName, user, image);
  });
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "docker:index/container:Container"
      ? {
          props,
          opts: pulumi.mergeOptions(opts, { hooks: { beforeCreate: [giveFiles], afterCreate: [limit] } }),
        }
      : undefined,
  );
}

/** The limit of a container's processes; undefined where its inputs have none. */
export function processLimit({ ulimits = [] }: Inputs): number | undefined {
  return ulimits.find(({ name }) => name === "nproc")?.hard;
}

/** Whether a volume of model weights may hold files of root. */
async function lacksUser(volume: string): Promise<boolean> {
  const { Labels } = JSON.parse(await docker("volume", "inspect", "--format", "{{json .}}", volume));
  return !(USER_LABEL in (Labels ?? {}));
}

/** Whole or not, it can be done again: nothing but the owner changes. */
async function chown(volume: string, user: string, image: string): Promise<void> {
  const rights = ["--cap-drop", "ALL", "--cap-add", "CHOWN", "--cap-add", "DAC_READ_SEARCH"];
  const only = ["--network", "none", "--read-only", "--security-opt", "no-new-privileges:true"];
  const run = ["--volume", `${volume}:/volume`, "--user", "0:0", "--entrypoint", "chown"];
  await docker("run", "--rm", ...rights, ...only, ...run, image, "--recursive", user, "/volume");
}
