/** What other hosts can reach of a container. */

import type { Container } from "./resource.ts";
import { eachKnown, known } from "./unknown.ts";

/** A port on the host that leads to a container. */
export interface PublishedPort {
  /** Its place in the container's arguments, such as `ports[0].ip`. */
  readonly at: string;
  /** Port in the container; undefined when every port is published, or while it is unknown. */
  readonly internal: number | undefined;
  /** Host address. */
  readonly ip: string;
}

/** Whether only this host reaches a port on `ip`. */
export function isLoopback(ip: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(ip) || ip === "::1" || ip === "localhost";
}

/** Docker's default address: every one of the host's. */
const ALL = "0.0.0.0";

/** What a container publishes beyond loopback; what is unknown throws after the rest. */
export function* exposures({ props }: Container): Generator<PublishedPort> {
  yield* eachKnown([host, all, ports], (read) => read());

  function* host() {
    if (props.networkMode === "host") yield { at: "networkMode", internal: undefined, ip: ALL };
  }
  function* all() {
    if (props.publishAllPorts) yield { at: "publishAllPorts", internal: undefined, ip: ALL };
  }
  function* ports() {
    yield* eachKnown(Array.from({ length: props.ports?.length ?? 0 }).keys(), function* (index) {
      const port = props.ports?.[index];
      const ip = port?.ip || ALL;
      if (!isLoopback(ip)) yield { at: `ports[${index}].ip`, internal: known(() => port?.internal), ip };
    });
  }
}

/** Whether a container publishes something beyond loopback. */
export function isExposed(container: Container): boolean {
  return !exposures(container).next().done;
}
