import { beforeAll, describe, expect, test } from "vitest";
import { createHttp } from "../../../../agent/http/index.ts";
import { proxySettings } from "../../../../agent/http/proxy-settings.ts";
import { type Authority, makeAuthority, serveTls } from "../../../support/servers.ts";

let authority: Authority;
beforeAll(() => {
  authority = makeAuthority();
});
const problems = (env: Record<string, string>, readFile?: (path: string) => string) => {
  try {
    proxySettings(env, readFile);
  } catch (error) {
    return (error as Error).message;
  }
};

describe("an environment", () => {
  test("without these variables, or with empty ones, sets nothing", () => {
    expect(proxySettings({ PATH: "/bin" })).toEqual({});
    expect(proxySettings({ HTTP_PROXY: "", https_proxy: " ", NO_PROXY: "*", SSL_CERT_FILE: "" })).toEqual({});
  });

  test("names the proxies", () => {
    expect(
      proxySettings({ HTTP_PROXY: "http://a:1", HTTPS_PROXY: "https://b:2", NO_PROXY: "x.test,10.0.0.0/8" }),
    ).toEqual({
      proxy: { httpProxy: "http://a:1", httpsProxy: "https://b:2", noProxy: "x.test,10.0.0.0/8" },
    });
  });

  test("wins in lower case", () => {
    expect(proxySettings({ HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2" })).toEqual({
      proxy: { httpsProxy: "http://b:2" },
    });
  });

  test("names one proxy for all that have none of their own", () => {
    expect(proxySettings({ all_proxy: "proxy.test:3128", HTTP_PROXY: "http://a:1" })).toEqual({
      proxy: { httpProxy: "http://a:1", httpsProxy: "http://proxy.test:3128" },
    });
  });

  test("names files of certificates, whose other text is left out", () => {
    const files: Record<string, string> = { "/a.pem": `comment\n${authority.ca}`, "/b.pem": authority.cert };
    const { ca } = proxySettings(
      { SSL_CERT_FILE: "/a.pem", NODE_EXTRA_CA_CERTS: "/b.pem" },
      (path) => files[path] ?? "",
    );
    expect(ca).toBe([authority.ca.trim(), authority.cert.trim()].join("\n"));
  });
});

describe("a problem", () => {
  test("names the variable as it was written, and how to fix it, without the value", () => {
    const message = problems({ https_proxy: "socks5://user:secret@a:1", HTTP_PROXY: "http://a:secret" });
    expect(message).toMatchInlineSnapshot(`
      "\`HTTP_PROXY\` must be the address of an HTTP proxy, such as \`http://proxy.example.org:3128\`, or be unset.
      \`https_proxy\` must be the address of an HTTP proxy, such as \`http://proxy.example.org:3128\`, or be unset."
    `);
  });

  test("is a login that can't be read", () => {
    expect(problems({ HTTP_PROXY: "http://user:100%@a:1" })).toBe(
      "`HTTP_PROXY` holds a login with a `%` that is not an escape; write `%25` for it.",
    );
  });

  test("is a file that is missing, holds no certificate, or a broken one", () => {
    const expected = "`SSL_CERT_FILE` must name a readable file of PEM certificates, or be unset.";
    expect(problems({ SSL_CERT_FILE: "/nowhere/ca.pem" })).toBe(expected);
    expect(problems({ SSL_CERT_FILE: "/x" }, () => "hello")).toBe(expected);
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(problems({ SSL_CERT_FILE: "/x" }, () => broken)).toBe(expected);
  });

  test("of the program itself is not hidden", () => {
    const readFile = () => {
      throw new RangeError("a fault");
    };
    expect(() => proxySettings({ SSL_CERT_FILE: "/x" }, readFile)).toThrow(RangeError);
  });
});

test("the settings are those that a request is made with", async () => {
  const port = await serveTls(authority, (_, outgoing) =>
    outgoing.writeHead(200, { "content-type": "text/plain" }).end("secure"),
  );
  const http = createHttp({
    ...proxySettings({ NODE_EXTRA_CA_CERTS: "/ca.pem" }, () => authority.ca),
    allowPrivate: [`localhost:${port}`],
  });
  expect((await http.get(`https://localhost:${port}/`)).text).toBe("secure");
});
