/** A forward proxy on loopback that decides which hosts are there, such as a company's network filter does. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Listens on a free port of loopback. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export class InterceptingProxy {
  /** Hosts that are answered with 200 here; all others are refused. */
  readonly answered = new Set<string>();
  /** Every host that was asked for. */
  readonly asked: string[] = [];
  /** What makes a Node.js program use it, and trust it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #servers: readonly Server[];
  readonly #folder: string;

  private constructor(folder: string, servers: readonly Server[], env: Record<string, string>) {
    this.#folder = folder;
    this.#servers = servers;
    this.env = env;
  }

  /** @param host the host whose certificate it has */
  static async start(host: string): Promise<InterceptingProxy> {
    const folder = await mkdtemp(join(tmpdir(), "llm-stack-proxy-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    await execa("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", `/CN=${host}`],
      ...["-addext", `subjectAltName=DNS:${host}`, "-keyout", key, "-out", cert],
    ]);
    const secure = createSecureServer(
      { key: await readFile(key), cert: await readFile(cert) },
      (_, response) => response.writeHead(200).end("{}"),
    );
    const behind = await listening(secure);
    const front = createServer((_, response) => response.writeHead(403).end());
    const address = `http://127.0.0.1:${await listening(front)}`;
    const env = { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: "", NODE_EXTRA_CA_CERTS: cert };
    const proxy = new InterceptingProxy(folder, [front, secure], env);
    front.on("connect", (request, client) => {
      const name = (request.url ?? "").split(":")[0] ?? "";
      proxy.asked.push(name);
      if (!proxy.answered.has(name)) return void client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const upstream = connect(behind, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
    return proxy;
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(this.#folder, { recursive: true });
  }
}
