/** Docker's networks. */

/** Networks that every engine has; containers do not find each other by name there. */
const BUILT_IN = ["", "bridge", "host", "none", "default", "nat"];

/** Whether a network is one that somebody made. */
export function isOwnNetwork(network: string): boolean {
  return !BUILT_IN.includes(network) && !network.startsWith("container:");
}
