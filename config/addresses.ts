/** Addresses of a host, as Docker reads those on which ports are published. Pure. */

import { isIP } from "node:net";

/**
 * Whether Docker publishes a port on `address` alone. What it cannot read (`localhost`, `127.1`, `127.000.000.001`, a zone,
 * blanks) it takes for every address of the host; an IPv4 address in the form of an IPv6 one it reads as another.
 */
export function isHostAddress(address: string): boolean {
  return isIP(address) !== 0 && !address.includes("%") && !/^[0:]+ffff:/i.test(address);
}

/** Whether only this host reaches a port on `address`: 127.0.0.0/8 and `::1`, in no other spelling. */
export function isLoopback(address: string): boolean {
  return isHostAddress(address) && (address.startsWith("127.") || address === "::1");
}
