/** Ports on the host. */

import { serverPort } from "../resolve.ts";
import type { ServerShape } from "../schema/ollama.ts";
import type { Entry, Report } from "./entries.ts";

/** Nothing shares a port of the host with anything else, and none is beyond 65535. What could not be read is left out. */
export function checkPorts(
  sections: {
    portOffset?: number | undefined;
    proxy?: { port: number } | undefined;
    database?: { port: number } | undefined;
  },
  servers: readonly Entry<ServerShape>[],
  report: Report,
): void {
  const { proxy, database, portOffset = 0 } = sections;
  const wanted = [
    ...(proxy ? [{ at: "proxy.port", port: proxy.port }] : []),
    ...(database ? [{ at: "database.port", port: database.port }] : []),
    ...servers.flatMap(({ at, value }, index) =>
      value === undefined ? [] : [{ at: `${at}.port`, port: serverPort(value, index) }],
    ),
  ].map(({ at, port }) => ({ at, port: port + portOffset }));

  const first = new Map<number, string>();
  for (const { at, port } of wanted) {
    const earlier = first.get(port);
    if (port > 65535)
      report(at, `with \`portOffset\` it is ${port}, beyond the last port 65535; lower one of the two`);
    else if (earlier !== undefined)
      report(at, `port ${port} of the host is taken by \`${earlier}\`; set another`);
    else first.set(port, at);
  }
}
