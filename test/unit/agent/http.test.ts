import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createHttp, HttpError, type HttpOptions, type HttpReason } from "../../../agent/http.ts";
import { type Authority, forwardProxy, makeAuthority, serve, serveTls } from "../../support/servers.ts";

const PUBLIC = "93.184.216.34";
const toLoopback = async () => ["127.0.0.1"];
/** May reach the names `*.test` of these ports, which lead to loopback. */
const httpFor = (ports: readonly number[], options: HttpOptions = {}) =>
  createHttp({
    resolve: toLoopback,
    allowPrivate: ports.flatMap((port) => [`page.test:${port}`, `secure.test:${port}`]),
    ...options,
  });
const failsWith = (reason: HttpReason, message?: string | RegExp) =>
  expect.objectContaining({
    name: "HttpError",
    reason,
    ...(message && { message: expect.stringMatching(message) }),
  });

let authority: Authority;
beforeAll(() => {
  authority = makeAuthority();
});
afterEach(() => vi.restoreAllMocks());

/** Public addresses lead to loopback's `port`; returns which addresses sockets were given. */
function playInternet(port: number): string[] {
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

describe("a page", () => {
  test("comes with its address, status, type and text", async () => {
    const port = await serve((incoming, outgoing) =>
      outgoing
        .writeHead(200, { "content-type": "text/HTML; charset=utf-8" })
        .end(`<p>${incoming.headers.accept}</p>`),
    );
    expect(await httpFor([port]).get(`http://page.test:${port}/a?b#c`, { accept: "text/html" })).toEqual({
      url: `http://page.test:${port}/a?b#c`,
      status: 200,
      contentType: "text/html",
      text: "<p>text/html</p>",
      cut: false,
    });
  });

  test("that is missing is an answer", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(404, { "content-type": "image/png" }).end("x"),
    );
    expect(await httpFor([port]).get(`http://page.test:${port}/`)).toMatchObject({ status: 404, text: "" });
  });

  test.each([
    ["text/plain; charset=iso-8859-1", Buffer.from("é", "latin1"), "é"],
    ["text/html", Buffer.from([...Buffer.from('<meta charset="koi8-r">'), 0xc1]), '<meta charset="koi8-r">а'],
    ["text/plain; charset=nonsense", Buffer.from("é"), "é"],
    ["application/json", Buffer.from('{"a":1}'), '{"a":1}'],
    ["application/xhtml+xml", Buffer.from("<p/>"), "<p/>"],
    ["application/xml", Buffer.from("<p/>"), "<p/>"],
    ["application/rss+xml", Buffer.from("<p/>"), "<p/>"],
  ])("of type %s is read", async (type, body, text) => {
    const port = await serve((_, outgoing) => outgoing.writeHead(200, { "content-type": type }).end(body));
    expect((await httpFor([port]).get(`http://page.test:${port}/`)).text).toBe(text);
  });

  test.each([
    "image/svg+xml",
    "application/octet-stream",
    "application/pdf",
    "multipart/form-data",
    "",
  ])("of type `%s` is not", async (type) => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, type ? { "content-type": type } : {}).end("x"),
    );
    await expect(httpFor([port]).get(`http://page.test:${port}/`)).rejects.toEqual(
      failsWith("type", "is not text"),
    );
  });
});

describe("refused before anything is sent", () => {
  const resolve = vi.fn(toLoopback);
  test.each<[string, HttpReason]>([
    ["example.org", "address"],
    ["", "address"],
    ["file:///etc/passwd", "address"],
    ["ftp://example.org/", "address"],
    ["data:text/plain,x", "address"],
    ["http://user:secret@example.org/", "address"],
    ["http://example.org:25/", "address"],
    ["http://example.org:6379/", "address"],
    ["https://example.org:22/", "address"],
    ["http://2130706433/", "private"],
    ["http://0x7f.1/", "private"],
    ["http://localhost./", "private"],
    ["http://[::1]/", "private"],
    ["http://[::ffff:169.254.169.254]/", "private"],
    ["http://169.254.169.254/latest/meta-data/", "private"],
    ["http://metadata.google.internal/", "private"],
    ["http://litellm/", "private"],
  ])("%s", async (url, reason) => {
    const connect = vi.spyOn(net, "connect");
    const error = await createHttp({ resolve })
      .get(url)
      .catch((error) => error);
    expect(error).toEqual(failsWith(reason));
    expect(error.message).not.toContain("secret");
    expect(connect).not.toHaveBeenCalled();
    expect(resolve).not.toHaveBeenCalled();
  });

  test("what is allowed is exactly host and port", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("ours"),
    );
    const http = createHttp({ allowPrivate: [`127.0.0.1:${port}`] });
    expect((await http.get(`http://127.0.0.1:${port}/`)).text).toBe("ours");
    await expect(http.get(`http://127.0.0.1:${port + 1}/`)).rejects.toEqual(failsWith("private"));
    await expect(http.get(`http://localhost:${port}/`)).rejects.toEqual(failsWith("private"));
    await expect(http.get("http://127.0.0.1/")).rejects.toEqual(failsWith("private"));
  });
});

describe("without a forward proxy", () => {
  test("a name that leads to a private address is refused, and no socket is opened to it", async () => {
    let requests = 0;
    const port = await serve((_, outgoing) => outgoing.end(String(requests++)));
    const given = playInternet(port);
    const http = createHttp({ resolve: async () => [PUBLIC, "10.0.0.1"] });
    await expect(http.get("http://page.test/")).rejects.toEqual(
      failsWith("private", /`page\.test` is not fetched: it leads to `10\.0\.0\.1`/),
    );
    expect([given, requests]).toEqual([[], 0]);
  });

  test("a name is resolved once for each request, and the socket gets the address that was checked", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("public"),
    );
    const given = playInternet(port);
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
    const given = playInternet(port);
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

describe("redirects", () => {
  const redirecting = (to: (path: string) => string) =>
    serve((incoming, outgoing) =>
      incoming.url === "/end"
        ? outgoing.writeHead(200, { "content-type": "text/plain" }).end("arrived")
        : outgoing.writeHead(302, { location: to(incoming.url ?? "") }).end("moved"),
    );

  test("are followed five times at most", async () => {
    const port = await redirecting((path) => (path === "/1" ? "end" : `/${Number(path.slice(1)) - 1}`));
    const http = httpFor([port]);
    expect(await http.get(`http://page.test:${port}/5`)).toMatchObject({
      text: "arrived",
      url: `http://page.test:${port}/end`,
    });
    await expect(http.get(`http://page.test:${port}/6`)).rejects.toEqual(
      failsWith("redirect", "more than 5 times"),
    );
  });

  test.each<[string, HttpReason]>([
    ["http://127.0.0.1/", "private"],
    ["http://169.254.169.254/latest/meta-data/", "private"],
    ["//[::1]/", "private"],
    ["http://2130706433/", "private"],
    ["http://localhost/", "private"],
    ["http://user:secret@example.org/", "address"],
    ["file:///etc/passwd", "address"],
    ["http://example.org:22/", "address"],
    ["http://[", "redirect"],
  ])("to %s are not", async (target, reason) => {
    const port = await redirecting(() => target);
    await expect(httpFor([port]).get(`http://page.test:${port}/`)).rejects.toEqual(failsWith(reason));
  });

  test("from https to http are not, the other way round they are", async () => {
    const secure = await serveTls(authority, (incoming, outgoing) =>
      incoming.url === "/end"
        ? outgoing.writeHead(200, { "content-type": "text/plain" }).end("arrived")
        : outgoing.writeHead(301, { location: `http://page.test:${plain}/` }).end(),
    );
    const plain: number = await redirecting(() => `https://secure.test:${secure}/end`);
    const http = httpFor([plain, secure], { ca: authority.ca });
    await expect(http.get(`https://secure.test:${secure}/`)).rejects.toEqual(
      failsWith("redirect", "https to http"),
    );
    expect((await http.get(`http://page.test:${plain}/`)).text).toBe("arrived");
  });
});

describe("limits", () => {
  const endless = (type = "text/plain") =>
    serve((_, outgoing) => {
      outgoing.writeHead(200, { "content-type": type });
      const more = () => {
        while (!outgoing.destroyed && outgoing.write("0123456789".repeat(1000)));
      };
      outgoing.on("drain", more);
      more();
    });

  test("a body is cut at the size", async () => {
    const port = await endless();
    const answer = await httpFor([port]).get(`http://page.test:${port}/`, { maxBytes: 25_003 });
    expect(answer).toMatchObject({ cut: true, text: "0123456789".repeat(2500).concat("012") });
    expect((await httpFor([port]).get(`http://page.test:${port}/`)).text).toHaveLength(1_000_000);
  });

  test("a body of exactly the size is whole, and half a character is left out", async () => {
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("aé€"),
    );
    const get = (maxBytes: number) => httpFor([port]).get(`http://page.test:${port}/`, { maxBytes });
    expect(await get(6)).toMatchObject({ cut: false, text: "aé€" });
    expect(await get(5)).toMatchObject({ cut: true, text: "aé" });
    expect(await get(2)).toMatchObject({ cut: true, text: "a" });
  });

  test.each([
    ["gzip", (body: Buffer) => gzipSync(body)],
    ["br", (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
    ["gzip, gzip", (body: Buffer) => gzipSync(gzipSync(body))],
  ])("the size counts what a %s bomb unpacks to", async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(100_000_000, "a"));
    expect(bomb.length).toBeLessThan(200_000);
    const port = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": "text/plain", "content-encoding": encoding }).end(bomb),
    );
    const before = process.memoryUsage().arrayBuffers;
    const answer = await httpFor([port]).get(`http://page.test:${port}/`);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    expect([answer.cut, answer.text.length]).toEqual([true, 1_000_000]);
  });

  test("a broken packing is the server's fault", async () => {
    const port = await serve((_, outgoing) =>
      outgoing
        .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
        .end("not packed at all"),
    );
    await expect(httpFor([port]).get(`http://page.test:${port}/`)).rejects.toEqual(failsWith("unreachable"));
  });

  test("a server that breaks off is told", async () => {
    const port = await serve((_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/plain", "content-length": 100 }).write("half");
      setTimeout(() => outgoing.destroy(), 50);
    });
    await expect(httpFor([port]).get(`http://page.test:${port}/`)).rejects.toEqual(failsWith("unreachable"));
  });

  const slow: Record<string, () => Promise<HttpOptions & { port: number }>> = {
    "a server that says nothing": async () => ({ port: await serve(() => {}) }),
    "a server that drips": async () => ({
      port: await serve((_, outgoing) => {
        outgoing.writeHead(200, { "content-type": "text/plain" });
        const timer = setInterval(() => outgoing.write("."), 20);
        outgoing.on("close", () => clearInterval(timer));
      }),
    }),
    "redirects without haste": async () => ({
      port: await serve(async (_, outgoing) => {
        await sleep(120);
        outgoing.writeHead(302, { location: "/" }).end();
      }),
    }),
    "name resolution that never ends": async () => ({ port: 8080, resolve: () => new Promise(() => {}) }),
    "name resolution that never ends, behind a proxy": async () => ({
      port: 8080,
      resolve: () => new Promise(() => {}),
      allowPrivate: [],
      proxy: { httpProxy: "http://127.0.0.1:9" },
    }),
    "a forward proxy that says nothing": async () => ({
      port: 8080,
      proxy: { httpProxy: `http://127.0.0.1:${await serve(() => {})}` },
    }),
  };
  test.each(Object.keys(slow))("the time ends %s", async (name) => {
    const { port, ...options } = (await slow[name]?.()) ?? { port: 0 };
    const start = performance.now();
    await expect(
      httpFor([port], options).get(`http://page.test:${port}/`, { timeoutMs: 300 }),
    ).rejects.toEqual(failsWith("timeout", "within 0.3 s"));
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test("the caller's signal stops it, with the signal's reason", async () => {
    const port = await serve(() => {});
    const reason = new Error("stopped by Ctrl-C");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const get = (signal: AbortSignal) => httpFor([port]).get(`http://page.test:${port}/`, { signal });
    await expect(get(controller.signal)).rejects.toBe(reason);
    await expect(get(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("nothing is left open", async () => {
    let open = 0;
    const port = await serve((incoming, outgoing) => {
      open++;
      incoming.socket.on("close", () => open--);
      outgoing.writeHead(200, { "content-type": "text/plain" }).end("x");
    });
    await httpFor([port]).get(`http://page.test:${port}/`);
    await vi.waitFor(() => expect(open).toBe(0));
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

  test("a name that leads to a private address here is not asked for", async () => {
    const proxy = await forwardProxy();
    const http = createHttp({ resolve: toLoopback, proxy: { httpProxy: `http://127.0.0.1:${proxy.port}` } });
    await expect(http.get("http://page.test/")).rejects.toEqual(failsWith("private", "leads to `127.0.0.1`"));
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

test("messages are short, on one line", async () => {
  const error = await createHttp()
    .get(`http://example.org:22/${"x\n`".repeat(500)}`)
    .catch((error) => error);
  expect(error).toBeInstanceOf(HttpError);
  expect(error.message.length).toBeLessThan(400);
  expect(error.message).not.toContain("\n");
});
