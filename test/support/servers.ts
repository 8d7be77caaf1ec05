/** Servers on loopback for the tests of what fetches. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** Listens on a free port of loopback until the test ends; returns the port. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

export const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));

export interface Authority {
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/** An authority and a certificate for `localhost`, `secure.test` and 127.0.0.1 that it signed, by openssl. */
export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "llm-stack-ca-"));
  try {
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
      "req",
      "-x509",
      ...key,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=Test authority",
      "-days",
      "2",
    );
    openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
    writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost,DNS:secure.test,IP:127.0.0.1");
    openssl(
      ...["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
      ...["-out", "server.pem", "-days", "2", "-extfile", "names"],
    );
    const text = (file: string) => readFileSync(join(folder, file), "utf8");
    return { ca: text("ca.pem"), key: text("server.key"), cert: text("server.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const serveTls = ({ key, cert }: Authority, listener: RequestListener): Promise<number> =>
  listen(createTlsServer({ key, cert }, listener));

export interface ForwardProxy {
  readonly port: number;
  /** What it was asked for, such as `CONNECT secure.test:443` and `GET http://plain.test/`. */
  readonly asked: string[];
  /** The last `Proxy-Authorization`. */
  login: string | undefined;
}

/**
 * A forward proxy: CONNECT, and requests with absolute addresses. It resolves every name to loopback, and `ports` tells
 * which of its ports stands for one of the address.
 */
export async function forwardProxy(
  options: { ports?: Record<number, number>; refuse?: number; tls?: Authority } = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  const portOf = (port: number) => options.ports?.[port] ?? port;
  const listener: RequestListener = (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    proxy.login = incoming.headers["proxy-authorization"];
    if (options.refuse !== undefined) return void outgoing.writeHead(options.refuse).end("refused");
    const url = new URL(incoming.url ?? "");
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    const target = {
      host: "127.0.0.1",
      port: portOf(Number(url.port) || 80),
      path: url.pathname + url.search,
    };
    request({ ...target, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.on("connect", (incoming, client: Duplex) => {
    asked.push(`CONNECT ${incoming.url}`);
    proxy.login = incoming.headers["proxy-authorization"];
    if (options.refuse !== undefined) return void client.end(`HTTP/1.1 ${options.refuse} Refused\r\n\r\n`);
    const socket = connect(portOf(Number(incoming.url?.split(":").at(-1))), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(client).pipe(socket);
    });
    socket.on("error", () => client.destroy());
    client.on("error", () => socket.destroy());
  });
  const proxy: ForwardProxy = { port: await listen(server), asked, login: undefined };
  return proxy;
}
