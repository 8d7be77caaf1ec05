/** The Docker client, for what Pulumi's Docker provider cannot do. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs a command of the Docker client; returns what it prints.
 *
 * @throws with its own message
 */
export async function docker(...args: string[]): Promise<string> {
  return (await promisify(execFile)("docker", args)).stdout;
}
