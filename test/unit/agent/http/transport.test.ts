import net from "node:net";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createHttp } from "../../../../agent/http/index.ts";
import { failsWith, httpFor, toLoopback } from "../../../support/http.ts";
import { type Authority, forwardProxy, makeAuthority, serve, serveTls } from "../../../support/servers.ts";

const PUBLIC = "93.184.216.34";

let authority: Authority;
beforeAll(() => {
  authority = makeAuthority();
});
afterEach(() => vi.restoreAllMocks());

/** Public addresses lead to loopback's `port`; returns which addresses sockets were given. */
function publicToLoopback(port: number): string[] {
  const given: string[] = [];
  const connect = net.connect.bind(net) as (options: object) => net.Socket;
  vi.spyOn(net, "connect").mockImplementation(((options: net.TcpNetConnectOpts) => {
    const lookup: net.LookupFunction = (name, how, callback) =>
      options.lookup?.(name, how, (error, addresses, family) => {
        if (error) return callback(error, addresses, family);
        for (const { address } of addresses as { address: string }[]) given.push(address);
        callback(null, [{ address: "127.0.0.1", family: 4 }]);
      });
    return connect({ ...options, port, lookup });
  }) as typeof net.connect);
  return given;
}

describe("without a forward proxy", () => {
  test("a name that resolves to a private address is refused, and no socket is opened to it", async () => {
    let requests = 0;
    const port = await serve((_, outgoing) => outgoing.end(String(requests++)));
    const given = publicToLoopback(port);
    const http = createHttp({ resolve: async () => [PUBLIC, "10.0.0.1"] });
    await expect(http.get("http://page.test/")).rejects.toEqual(
      failsWith("private", /`page\.test` is not fetched: it resolves to `10\.0\.0\.1`/),
    );
    expect([given, requests]).toEqual([[], 0]);
  });

  test("a name is resolved once for each request, and the socket gets the address that was checked", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("public"),
    );
    const given = publicToLoopback(port);
    const resolve = vi.fn().mockResolvedValueOnce([PUBLIC]).mockResolvedValue(["127.0.0.1"]);
    const http = createHttp({ resolve });
    expect((await http.get("http://rebind.test/")).text).toBe("public");
    expect(given).toEqual([PUBLIC]);
    expect(resolve).toHaveBeenCalledTimes(1);
    await expect(http.get("http://rebind.test/")).rejects.toEqual(failsWith("private"));
    expect(given).toEqual([PUBLIC]);
  });

  test("a redirect to the same name is checked anew", async () => {
    const port = await serve((_, outgoing) => outgoing.writeHead(302, { location: "/again" }).end());
    const given = publicToLoopback(port);
    const resolve = vi.fn().mockResolvedValueOnce([PUBLIC]).mockResolvedValue(["127.0.0.1"]);
    await expect(createHttp({ resolve }).get("http://rebind.test/")).rejects.toEqual(failsWith("private"));
    expect(given).toEqual([PUBLIC]);
  });

  test("an unknown name, and a port where nothing listens, are told apart from private ones", async () => {
    const resolve = async () =>
      Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
    await expect(createHttp({ resolve }).get("http://nowhere.test/")).rejects.toEqual(
      failsWith("unreachable", /ENOTFOUND/),
    );
    await expect(httpFor([1]).get("http://page.test:1/")).rejects.toEqual(
      failsWith("address", "belongs to another"),
    );
    const port = await serve(() => {});
    const other = port === 65535 ? port - 1 : port + 1;
    await expect(httpFor([other]).get(`http://page.test:${other}/`)).rejects.toEqual(
      failsWith("unreachable"),
    );
  });

  test("a fault of the program is not taken for one of the network", async () => {
    const resolve = async () => Promise.reject(new RangeError("a fault"));
    await expect(createHttp({ resolve }).get("http://page.test/")).rejects.toThrow(RangeError);
    await expect(
      createHttp({ resolve, proxy: { httpProxy: "http://127.0.0.1:9" } }).get("http://page.test/"),
    ).rejects.toThrow(RangeError);
  });
});

describe("certificates", () => {
  test("of an authority that is not trusted are refused, of one that is given are not", async () => {
    const port = await serveTls(authority, (_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("secure"),
    );
    const url = `https://secure.test:${port}/`;
    await expect(httpFor([port]).get(url)).rejects.toEqual(failsWith("certificate", /not trusted/));
    expect((await httpFor([port], { ca: authority.ca }).get(url)).text).toBe("secure");
    await expect(httpFor([port], { ca: authority.ca }).get(`https://page.test:${port}/`)).rejects.toEqual(
      failsWith("certificate", /ALTNAME/),
    );
  });
});

describe("behind a forward proxy", () => {
  const unknown = async () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
  const page = () =>
    serve((_, outgoing) => outgoing.writeHead(200, { "content-type": "text/plain" }).end("plain"));
  const securePage = () =>
    serveTls(authority, (_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("secure"),
    );

  test("http goes by absolute address, https by CONNECT, and names need not resolve here", async () => {
    const proxy = await forwardProxy({ ports: { 80: await page(), 443: await securePage() } });
    const http = createHttp({
      resolve: unknown,
      ca: authority.ca,
      proxy: { httpProxy: `http://user:p%40ss@127.0.0.1:${proxy.port}` },
    });
    expect((await http.get("http://public.test/a")).text).toBe("plain");
    expect(proxy.login).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
    proxy.login = undefined;
    expect((await http.get("https://secure.test/b")).text).toBe("secure");
    expect(proxy.login).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
    expect(proxy.asked).toEqual(["GET http://public.test/a", "CONNECT secure.test:443"]);
  });

  test("a proxy that speaks TLS needs a trusted certificate too", async () => {
    const proxy = await forwardProxy({
      ports: { 80: await page(), 443: await securePage() },
      tls: authority,
    });
    const options = { resolve: unknown, proxy: { httpProxy: `https://localhost:${proxy.port}` } };
    const trusting = createHttp({ ...options, ca: authority.ca });
    expect((await trusting.get("https://secure.test/")).text).toBe("secure");
    expect((await trusting.get("http://public.test/")).text).toBe("plain");
    await expect(createHttp(options).get("https://secure.test/")).rejects.toEqual(failsWith("certificate"));
  });

  test.each([
    "http://10.0.0.1/",
    "http://0x7f.1/",
    "http://localhost/",
    "http://litellm/",
    "http://a.internal/",
    "http://[::1]/",
    "https://169.254.169.254/",
  ])("%s is not asked for", async (url) => {
    const proxy = await forwardProxy();
    const http = createHttp({ proxy: { httpProxy: `http://127.0.0.1:${proxy.port}` } });
    await expect(http.get(url)).rejects.toEqual(failsWith("private"));
    expect(proxy.asked).toEqual([]);
  });

  test("a name that resolves to a private address here is not asked for", async () => {
    const proxy = await forwardProxy();
    const http = createHttp({ resolve: toLoopback, proxy: { httpProxy: `http://127.0.0.1:${proxy.port}` } });
    await expect(http.get("http://page.test/")).rejects.toEqual(
      failsWith("private", "resolves to `127.0.0.1`"),
    );
    expect(proxy.asked).toEqual([]);
  });

  test("nor is one that a page redirects to", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(302, { location: "http://10.0.0.1/" }).end(),
    );
    const proxy = await forwardProxy({ ports: { 80: port } });
    const http = createHttp({ resolve: unknown, proxy: { httpProxy: `http://127.0.0.1:${proxy.port}` } });
    await expect(http.get("http://public.test/")).rejects.toEqual(failsWith("private"));
    expect(proxy.asked).toEqual(["GET http://public.test/"]);
  });

  test("hosts in `noProxy` are reached directly, and checked as such", async () => {
    const port = await page();
    const proxy = await forwardProxy();
    const options = { proxy: { httpProxy: `http://127.0.0.1:${proxy.port}`, noProxy: "page.test" } };
    expect((await httpFor([port], options).get(`http://page.test:${port}/`)).text).toBe("plain");
    await expect(createHttp({ resolve: toLoopback, ...options }).get("http://page.test/")).rejects.toEqual(
      failsWith("private"),
    );
    expect(proxy.asked).toEqual([]);
  });

  test("what is allowed is asked for", async () => {
    const port = await page();
    const proxy = await forwardProxy();
    const http = httpFor([port], { proxy: { httpProxy: `http://127.0.0.1:${proxy.port}` } });
    expect((await http.get(`http://page.test:${port}/`)).text).toBe("plain");
    expect(proxy.asked).toEqual([`GET http://page.test:${port}/`]);
  });

  test("its refusal, a wanted login and its absence are told", async () => {
    const by = (port: number) =>
      createHttp({ resolve: unknown, proxy: { httpProxy: `http://127.0.0.1:${port}` } });
    const refusing = await forwardProxy({ refuse: 403 });
    await expect(by(refusing.port).get("https://secure.test/")).rejects.toEqual(
      failsWith("proxy", /refuses it \(403\)/),
    );
    expect((await by(refusing.port).get("http://public.test/")).status).toBe(403);
    const wanting = await forwardProxy({ refuse: 407 });
    await expect(by(wanting.port).get("https://secure.test/")).rejects.toEqual(
      failsWith("proxy", /login \(407\)/),
    );
    await expect(by(wanting.port).get("http://public.test/")).rejects.toEqual(
      failsWith("proxy", /login \(407\)/),
    );
    await expect(by(9).get("http://public.test/")).rejects.toEqual(failsWith("proxy", /ECONNREFUSED/));
    await expect(by(9).get("https://public.test/")).rejects.toEqual(failsWith("proxy", /ECONNREFUSED/));
  });
});
