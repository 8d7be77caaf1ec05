/** What other hosts can reach of a container. */

import { isHostAddress, isLoopback } from "../config/addresses.ts";
import type { Container } from "./resource.ts";
import { eachKnown, known } from "./unknown.ts";

/** A port on the host that leads to a container. */
export interface PublishedPort {
  /** Its place in the container's arguments, such as `ports[0].ip`. */
  readonly at: string;
  /** Port in the container; undefined when every port is published, or while it is unknown. */
  readonly internal: number | undefined;
  /** Host address as Docker reads it: what is none stands for every address. */
  readonly ip: string;
  /** The address in words, such as `` `0.0.0.0`, as `localhost` is not an address ``. */
  readonly on: string;
}

/** Docker's default address: every one of the host's. */
const ALL = "0.0.0.0";

/** Where Docker publishes a port that asks for `ip`. */
function published(ip: string): Pick<PublishedPort, "ip" | "on"> {
  if (isHostAddress(ip)) return { ip, on: `\`${ip}\`` };
  return { ip: ALL, on: `\`${ALL}\`, as \`${ip}\` is not an address that Docker reads as written` };
}

/** What a container publishes beyond loopback; what is unknown throws after the rest. */
export function* exposures({ props }: Container): Generator<PublishedPort> {
  yield* eachKnown([host, all, ports], (read) => read());

  function* host() {
    if (props.networkMode === "host") yield { at: "networkMode", internal: undefined, ...published(ALL) };
  }
  function* all() {
    if (props.publishAllPorts) yield { at: "publishAllPorts", internal: undefined, ...published(ALL) };
  }
  function* ports() {
    yield* eachKnown(Array.from({ length: props.ports?.length ?? 0 }).keys(), function* (index) {
      const port = props.ports?.[index];
      const ip = port?.ip || ALL;
      if (isLoopback(ip)) return;
      yield { at: `ports[${index}].ip`, internal: known(() => port?.internal), ...published(ip) };
    });
  }
}

/** Whether a container publishes something beyond loopback. */
export function isExposed(container: Container): boolean {
  return !exposures(container).next().done;
}
