import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { download, reachable } from "../../../setup/download.ts";

let folder: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-stack-download-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  await rm(folder, { recursive: true });
});

describe("reachable", () => {
  it.each([
    [200, true],
    [401, true],
    [404, true],
    [403, false],
    [500, false],
    [503, false],
  ])("takes an answer of %i for %s", async (status, expected) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await reachable(url)).toBe(expected);
  });

  it("is false for a port that refuses", async () => {
    expect(await reachable("http://127.0.0.1:1")).toBe(false);
  });

  it("is false for a server that does not answer in time", async () => {
    const url = await serve(() => {});
    expect(await reachable(url, 50)).toBe(false);
  });

  it("asks through the proxy that the environment names, except for hosts in NO_PROXY", async () => {
    const asked: string[] = [];
    const proxy = await serve((_request, response) => response.end("direct"));
    servers.at(-1)?.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    vi.stubEnv("HTTP_PROXY", proxy);
    vi.stubEnv("HTTPS_PROXY", proxy);
    vi.stubEnv("NO_PROXY", "127.0.0.1");

    expect(await reachable("https://get.pulumi.example/")).toBe(false);
    expect(await reachable(proxy)).toBe(true);
    expect(asked).toEqual(["get.pulumi.example:443"]);
  });
});

describe("download", () => {
  it("writes the whole file into a folder that it makes", async () => {
    const url = await serve((_request, response) => response.end("content"));
    await download(url, join(folder, "new/file"));
    expect(await readFile(join(folder, "new/file"), "utf8")).toBe("content");
    expect(await readdir(join(folder, "new"))).toEqual(["file"]);
  });

  it("tries again after a broken connection and after a server error", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      if (asked === 1) {
        response.writeHead(200, { "content-length": 100 });
        response.write("half", () => response.destroy());
      } else if (asked === 2) response.writeHead(502).end();
      else response.end("content");
    });
    await download(url, join(folder, "file"), { pauseMs: 1 });
    expect(await readFile(join(folder, "file"), "utf8")).toBe("content");
  });

  it("gives up after the given number of attempts and leaves nothing", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(503).end("overloaded");
    });
    await expect(download(url, join(folder, "file"), { attempts: 2, pauseMs: 1 })).rejects.toThrow(
      `\`${url}\` could not be downloaded: the server answered 503`,
    );
    expect(asked).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not ask again for what is not there", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(404).end();
    });
    await expect(download(url, join(folder, "file"))).rejects.toThrow("the server answered 404");
    expect(asked).toBe(1);
    expect(existsSync(join(folder, "file"))).toBe(false);
  });

  it("fails when no byte comes for the time it may stall", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("half");
    });
    await expect(download(url, join(folder, "file"), { attempts: 1, stallMs: 50 })).rejects.toThrow(
      "could not be downloaded",
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
