import { describe, expect, test } from "vitest";
import { isExempt, isPublicAddress, refusedHost, socketLookup } from "../../../../agent/http/addresses.ts";

describe("an address", () => {
  test.each([
    "93.184.216.34",
    "8.8.8.8",
    "172.32.0.1",
    "100.63.255.255",
    "168.63.129.15",
    "168.63.129.17",
    "192.80.8.125",
    "161.25.255.255",
    "161.27.0.0",
    "166.7.255.255",
    "166.12.0.0",
    "2606:4700:4700::1111",
    "2a00:1450::1",
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    ["0.0.0.0", "unspecified"],
    ["0.1.2.3", "this network"],
    ["10.1.2.3", "private"],
    ["168.63.129.16", "Azure's wire server"],
    ["::ffff:168.63.129.16", "Azure's wire server, mapped"],
    ["64:ff9b::a83f:8110", "Azure's wire server, translated"],
    ["192.80.8.124", "Equinix Metal's metadata"],
    ["161.26.0.10", "IBM Cloud's name server"],
    ["166.8.0.1", "IBM Cloud's service endpoints"],
    ["166.11.255.255", "IBM Cloud's service endpoints"],
    ["169.254.169.254", "metadata of AWS, Azure, Google, Oracle, DigitalOcean, Hetzner, OpenStack"],
    ["169.254.170.2", "credentials of AWS's containers"],
    ["169.254.0.23", "Tencent's metadata"],
    ["169.254.42.42", "Scaleway's metadata"],
    ["100.100.100.200", "Alibaba's metadata"],
    ["192.0.0.192", "Oracle's former metadata"],
    ["fd00:ec2::254", "AWS's metadata"],
    ["fd20:ce::254", "Google's metadata"],
    ["fe80::a9fe:a9fe", "OpenStack's metadata"],
    ["fd00:42::42", "Scaleway's metadata"],
    ["100.64.0.1", "shared, behind a carrier's NAT"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.8", "protocol assignments"],
    ["192.0.2.1", "documentation"],
    ["192.88.99.1", "6to4 relay"],
    ["192.168.1.1", "private"],
    ["198.18.0.1", "benchmarking"],
    ["198.51.100.1", "documentation"],
    ["203.0.113.1", "documentation"],
    ["224.0.0.1", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::7f00:1", "IPv4-compatible"],
    ["::ffff:127.0.0.1", "mapped"],
    ["::ffff:8.8.8.8", "mapped"],
    ["::ffff:0:127.0.0.1", "translated"],
    ["64:ff9b::7f00:1", "translated"],
    ["64:ff9b:1::a00:1", "translated within a network"],
    ["100::1", "discard"],
    ["2001::1", "Teredo"],
    ["2001:db8::1", "documentation"],
    ["2002:7f00:1::", "6to4"],
    ["3fff::1", "documentation"],
    ["5f00::1", "segment routing"],
    ["fc00::1", "unique local"],
    ["fd12:3456::1", "unique local"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local with a zone"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["4000::1", "not given out"],
    ["localhost", "no address"],
    ["", "no address"],
  ])("%s is not public: %s", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("a URL's host", () => {
  test.each([
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://①②⑦.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://0/",
    "http://168.63.129.16/machine?comp=goalstate",
    "http://2822734096/",
    "http://100.100.100.200/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://intranet/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://metadata.google.internal./",
    "http://router.home.arpa/",
    "http://nas.lan/",
  ])("%s is refused by its looks", (url) => expect(refusedHost(new URL(url).hostname)).toBeDefined());

  test.each([
    "http://example.org/",
    "http://local.example.org/",
    "http://8.8.8.8/",
    "http://internal.com/",
  ])("%s is not", (url) => expect(refusedHost(new URL(url).hostname)).toBeUndefined());
});

describe("a socket's name resolution", () => {
  const ask = (addresses: readonly string[], refuse = true, all = true) =>
    new Promise((done, fail) =>
      socketLookup(
        async () => addresses,
        refuse ? (name, address) => new Error(`${name} leads to ${address}`) : undefined,
      )("name.test", { all }, (error, found) => (error ? fail(error) : done(found))),
    );

  test("hands over the addresses that were checked", async () => {
    expect(await ask(["8.8.8.8", "2606:4700:4700::1111"])).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700:4700::1111", family: 6 },
    ]);
    expect(await ask(["8.8.8.8"], true, false)).toBe("8.8.8.8");
  });

  test("refuses a name with one private address among public ones", async () => {
    await expect(ask(["8.8.8.8", "10.0.0.1"])).rejects.toThrow("name.test leads to 10.0.0.1");
    await expect(ask(["8.8.8.8", "10.0.0.1"], true, false)).rejects.toThrow("name.test leads to 10.0.0.1");
  });

  test("hands over private ones where they are allowed", async () => {
    expect(await ask(["127.0.0.1"], false)).toEqual([{ address: "127.0.0.1", family: 4 }]);
  });

  test("fails for a name without addresses", async () => {
    await expect(ask([])).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["*", "http://example.org/", true],
    ["example.org", "http://example.org/", true],
    ["example.org", "http://www.example.org/", true],
    ["example.org", "http://badexample.org/", false],
    [".example.org, *.corp.test", "http://a.corp.test/", true],
    ["EXAMPLE.org", "http://example.org./", true],
    ["example.org:8080", "http://example.org/", false],
    ["example.org:80", "http://example.org/", true],
    ["example.org:443", "https://example.org/", true],
    ["127.0.0.1", "http://127.0.0.1:8080/", true],
    ["0.0.1", "http://127.0.0.1/", false],
    ["10.0.0.0/8", "http://10.2.3.4/", true],
    ["10.0.0.0/8", "http://11.2.3.4/", false],
    ["10.0.0.0/8", "http://[::1]/", false],
    ["::1", "http://[::1]/", true],
    ["[::1]:8080", "http://[::1]:8080/", true],
    ["", "http://example.org/", false],
  ])("`%s` and %s: %s", (noProxy, url, exempt) => expect(isExempt(new URL(url), noProxy)).toBe(exempt));
});
