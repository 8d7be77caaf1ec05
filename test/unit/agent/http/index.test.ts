import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { HttpOptions, HttpReason } from "../../../../agent/http/index.ts";
import { failsWith, httpFor } from "../../../support/http.ts";
import { type Authority, makeAuthority, serve, serveTls } from "../../../support/servers.ts";

let authority: Authority;
beforeAll(() => {
  authority = makeAuthority();
});

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
