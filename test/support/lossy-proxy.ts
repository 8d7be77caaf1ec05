/** A proxy on loopback that hands requests on, and loses answers. */

import { createServer, request as requestTo } from "node:http";
import type { AddressInfo } from "node:net";

export interface LossyProxy {
  readonly url: string;
  /** Paths whose next answer is lost, after the request was carried out. */
  readonly lose: Set<string>;
  /** Paths whose next request does not arrive. */
  readonly drop: Set<string>;
  close(): Promise<void>;
}

/** @param target such as `http://localhost:4444` */
export async function lossyProxy(target: string): Promise<LossyProxy> {
  const [lose, drop] = [new Set<string>(), new Set<string>()];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", target).pathname;
    if (drop.delete(path)) return void response.destroy();
    const isLost = lose.delete(path);
    const { method, headers } = request;
    const onward = requestTo(new URL(request.url ?? "", target), { method, headers }, (answer) => {
      if (isLost) {
        answer.resume().on("end", () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose,
    drop,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
