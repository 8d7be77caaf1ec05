import { expect, it } from "vitest";
import { exposures, isExposed } from "../../../policies/exposure.ts";
import type { Container } from "../../../policies/resource.ts";
import { container as anyContainer, UNKNOWN } from "../../support/policies.ts";

const container = (...args: Parameters<typeof anyContainer>) => anyContainer(...args) as Container;

it.each<readonly [string | undefined, boolean]>([
  ["127.0.0.1", false],
  ["127.0.1.1", false],
  ["::1", false],
  ["127.255.255.254", false],
  ...[
    ...["localhost", "127.0.0.999", "127.000.000.001", "0177.0.0.1", "127.1", "127.0.0.1.", "0127.0.0.1"],
    ...["::ffff:127.0.0.1", "0:0:0:0:0:ffff:7f00:1", "0:0:0:0:0:0:0:1", "::1%lo", "[::1]"],
    ...[" 127.0.0.1", "127.0.0.1 ", "127.0.0.1\n", "2130706433", "127.0.0.1/8"],
  ].map((ip) => [ip, true] as const),
  ["0.0.0.0", true],
  ["::", true],
  ["192.0.2.10", true],
  ["", true],
  [undefined, true],
])("a port on `%s` is published beyond loopback: %s", (ip, exposed) => {
  const port = { internal: 80, external: 80, ...(ip === undefined ? {} : { ip }) };
  expect(isExposed(container({ ports: [port] }))).toBe(exposed);
});

it("names what publishes, and where", () => {
  const all = {
    networkMode: "host",
    publishAllPorts: true,
    ports: [{ internal: 1, ip: "::1" }, { internal: 2 }],
  };
  expect([...exposures(container(all))]).toEqual([
    { at: "networkMode", internal: undefined, ip: "0.0.0.0", on: "`0.0.0.0`" },
    { at: "publishAllPorts", internal: undefined, ip: "0.0.0.0", on: "`0.0.0.0`" },
    { at: "ports[1].ip", internal: 2, ip: "0.0.0.0", on: "`0.0.0.0`" },
  ]);
});

it("publishes nothing by default", () => {
  expect(isExposed(container({ ports: undefined, networkMode: undefined }))).toBe(false);
});

it("finds what is known before it gives up", () => {
  expect(
    isExposed(container({ networkMode: UNKNOWN, ports: [{ internal: 1, ip: UNKNOWN }, { internal: 2 }] })),
  ).toBe(true);
  expect(() => isExposed(container({ ports: [{ internal: 1, ip: UNKNOWN }] }))).toThrow(".ports.0.ip");
  expect(() => isExposed(container({ publishAllPorts: UNKNOWN }))).toThrow(".publishAllPorts");
});
