/** Which hosts and addresses an agent may talk to: those of the public internet, and what is allowed by name. */

import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { withoutEnd } from "../../config/without-end.ts";

/** All addresses of a name. Rejects when it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** IPv6's public part. What lies outside and is in no list yet is reserved as well. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether `address` is one of the public internet. Everything that has a purpose of its own is not: loopback, private,
 * link-local (cloud metadata among it), shared (100.64.0.0/10), unique local, multicast, broadcast, unspecified,
 * documentation, benchmarking and reserved ranges, services of the machine's own cloud, and IPv6 addresses that stand for an IPv4 one (mapped, translated,
 * 6to4, Teredo), whatever that is: where a gateway takes them to can't be seen here.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed instanceof ipaddr.IPv6) return parsed.match(GLOBAL_IPV6);
  return !CLOUD_SERVICES.some((range) => parsed.match(range));
}

/**
 * Addresses of registered ranges that lead to a service of the machine's own cloud, never to the public internet. Those of
 * all other clouds lie in ranges with a purpose of their own, such as 169.254.169.254 and Alibaba's 100.100.100.200.
 */
const CLOUD_SERVICES = [
  "168.63.129.16/32", // Azure's wire server (learn.microsoft.com, "What is IP address 168.63.129.16?")
  "192.80.8.124/32", // Equinix Metal's metadata (`metadata.packet.net`)
  "161.26.0.0/16", // IBM Cloud's service network (cloud.ibm.com/docs, "Service endpoints")
  "166.8.0.0/14",
].map((range) => ipaddr.parseCIDR(range));

/** Endings of names that no public registry gives out, or that name this machine or its network. */
const LOCAL_ENDINGS = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "home.arpa",
];

/** `[::1]` as `::1`, `LOCALHOST.` as `localhost`. */
export function bareHost(hostname: string): string {
  return withoutEnd(hostname.replace(/^\[(.*)\]$/, "$1"), /\./).toLowerCase();
}

/**
 * Why a URL's host is refused by its looks alone; undefined when nothing speaks against it. Tricks such as
 * `2130706433` and `0x7f.1` are plain addresses by then: `new URL` has read them.
 */
export function refusedHost(hostname: string): string | undefined {
  const host = bareHost(hostname);
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? undefined : "is a private or reserved address";
  if (!host.includes(".") || LOCAL_ENDINGS.some((ending) => host.endsWith(`.${ending}`)))
    return "is a name of this machine or its network";
  return undefined;
}

/** Whether `hostname` is written as an address. */
export const isAddress = (hostname: string): boolean => ipaddr.isValid(bareHost(hostname));

/**
 * The first of `addresses` that is not public. One is enough to refuse a name: a public site has no private address, and
 * a name with both is the mark of a trick.
 */
export const privateAmong = (addresses: readonly string[]): string | undefined =>
  addresses.find((address) => !isPublicAddress(address));

/**
 * Name resolution for a socket. The socket connects to what this hands over and asks for nothing else, so a name that
 * answers differently the next time gains nothing.
 *
 * @param refuse makes the error for a name with an address that is not public; undefined: all are handed over
 */
export function socketLookup(
  resolve: Resolve,
  refuse: ((name: string, address: string) => Error) | undefined,
): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
        const hidden = privateAmong(addresses);
        const [first] = found;
        if (first === undefined)
          callback(Object.assign(new Error(`no address for ${name}`), { code: "ENOTFOUND" }), []);
        else if (refuse && hidden !== undefined) callback(refuse(name, hidden), []);
        else if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}

/**
 * Whether `NO_PROXY` says that `url` is reached without the proxy: `*`, a host (its subdomains are meant too), with or
 * without a leading dot or `*.`, optionally with a port, an address, or a range such as `10.0.0.0/8`.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url.hostname);
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return inRange(host, entry);
      const [, name = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
      if (port !== undefined && port !== String(portOf(url))) return false;
      const wanted = bareHost(name.replace(/^\*?\./, ""));
      return host === wanted || (!isAddress(host) && host.endsWith(`.${wanted}`));
    });
}

function inRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const address = ipaddr.parse(host);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** The port that `url` means. */
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
