/** What other hosts reach of a container. */

import { isLoopback, type PublishedPort } from "./docker.ts";
import type { Container } from "./rule.ts";
import { eachKnown, known } from "./unknown.ts";

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
