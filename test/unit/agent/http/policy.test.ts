import net from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createHttp, HttpError, type HttpReason } from "../../../../agent/http/index.ts";
import { failsWith, toLoopback } from "../../../support/http.ts";
import { serve } from "../../../support/servers.ts";

afterEach(() => vi.restoreAllMocks());

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

test("messages are short, on one line", async () => {
  const error = await createHttp()
    .get(`http://example.org:22/${"x\n`".repeat(500)}`)
    .catch((error) => error);
  expect(error).toBeInstanceOf(HttpError);
  expect(error.message.length).toBeLessThan(400);
  expect(error.message).not.toContain("\n");
});
