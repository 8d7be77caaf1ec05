import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { failsWith, httpFor } from "../../../support/http.ts";
import { serve } from "../../../support/servers.ts";

describe("a page", () => {
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

describe("the size", () => {
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
});
