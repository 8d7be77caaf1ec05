/** Preparation as every command does it: what is not available officially is made by `from-source/`. */

import {
  type PrepareOptions,
  prepareToolchain as prepareToolchainWith,
  prepare as prepareWith,
  type Toolchain,
  type Workspace,
} from "../setup/prepare.ts";

const fromSource = async () => (await import("../from-source/index.ts")).fromSource;

/** {@link prepareWith} */
export function prepare(root: string, stack: string, options?: PrepareOptions): Promise<Workspace> {
  return prepareWith(root, stack, fromSource, options);
}

/** {@link prepareToolchainWith} */
export function prepareToolchain(root: string, stack: string, options?: PrepareOptions): Promise<Toolchain> {
  return prepareToolchainWith(root, stack, fromSource, options);
}
