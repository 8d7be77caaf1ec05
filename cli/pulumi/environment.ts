/** The settings that make Pulumi work on a clone's stack. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Toolchain } from "../../setup/prepare.ts";

/** Folder of a clone that git ignores: state, passphrase, Pulumi's own stack files. */
export const stateFolder = (root: string) => join(root, ".llm-stack");

/** The back end inside the clone. */
export const ownBackend = (root: string) => pathToFileURL(join(stateFolder(root), "state")).href;

/** Names the clone that a shell's settings came from: `npm run env` sets it beside them. */
const ORIGIN = "LLM_STACK_ENV_OF";

/**
 * The settings that make `pulumi` work on this clone's stack. A back end or a passphrase of the caller's own
 * environment wins; those that another clone's `npm run env` put into the shell do not: they belong to its stack.
 */
export function pulumiEnvironment(
  toolchain: Toolchain,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const folder = stateFolder(toolchain.root);
  const given = [undefined, toolchain.root].includes(env[ORIGIN]) ? env : {};
  const ownPassphrase =
    given.PULUMI_CONFIG_PASSPHRASE !== undefined || given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    [ORIGIN]: toolchain.root,
    PATH: `${toolchain.pulumi.bin}:${env.PATH ?? ""}`,
    PULUMI_HOME: toolchain.pulumi.home,
    PULUMI_BACKEND_URL: given.PULUMI_BACKEND_URL ?? ownBackend(toolchain.root),
    ...(ownPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase") }),
    PULUMI_STACK: toolchain.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Only the prepared plug-ins, whatever else is on PATH.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    DOCKER_HOST: toolchain.engine.host,
  };
}
