import { expect, it } from "vitest";
import { proxyOnLoopback } from "../../../../policies/rules/proxy-on-loopback.ts";
import { container, litellm, UNKNOWN, violations } from "../../../support/policies.ts";

const port = (ip?: string) => ({ internal: 4000, external: 4444, ...(ip === undefined ? {} : { ip }) });
const message = (place: string, ip = "0.0.0.0") =>
  `\`${place}\` of \`proxy\` publishes LiteLLM on \`${ip}\`. ${proxyOnLoopback.remediation}`;

it("accepts LiteLLM on loopback, or not published, and whatever else is published", () => {
  const stack = [litellm(), litellm({ ports: undefined }), litellm({ ports: [port("::1")] })];
  expect(violations(proxyOnLoopback, stack)).toEqual([]);
  expect(violations(proxyOnLoopback, [container({ ports: [port("0.0.0.0")] })])).toEqual([]);
});

it.each([
  ["ports[0].ip", { ports: [port()] }, "0.0.0.0"],
  ["ports[0].ip", { ports: [port("192.0.2.10")] }, "192.0.2.10"],
  ["ports[1].ip", { ports: [port("127.0.0.1"), port("::")] }, "::"],
  ["publishAllPorts", { publishAllPorts: true }, "0.0.0.0"],
  ["networkMode", { networkMode: "host" }, "0.0.0.0"],
])("rejects `%s` beyond loopback", (place, props, ip) => {
  expect(violations(proxyOnLoopback, [litellm(props)])).toEqual([message(place, ip)]);
});

it("knows LiteLLM by its environment too", () => {
  expect(violations(proxyOnLoopback, [litellm({ image: "theirs:1", ports: [port()] })])).toEqual([
    message("ports[0].ip"),
  ]);
});

it("takes addresses by config", () => {
  const stack = [litellm({ ports: [port("192.0.2.10"), port("192.0.2.11")] })];
  expect(violations(proxyOnLoopback, stack, { addresses: ["192.0.2.10"] })).toEqual([
    message("ports[1].ip", "192.0.2.11"),
  ]);
  expect(violations(proxyOnLoopback, [litellm({ ports: [port()] })], { addresses: ["0.0.0.0"] })).toEqual([]);
});

it.each(["localhost", "127.000.000.001", "127.1"])("takes `%s` for every address, as Docker does", (ip) => {
  const on = `\`0.0.0.0\`, as \`${ip}\` is not an address that Docker reads as written`;
  const stack = [litellm({ ports: [port(ip)] })];
  const found = [`\`ports[0].ip\` of \`proxy\` publishes LiteLLM on ${on}. ${proxyOnLoopback.remediation}`];
  expect(violations(proxyOnLoopback, stack)).toEqual(found);
  expect(violations(proxyOnLoopback, stack, { addresses: [ip] })).toEqual(found);
  expect(violations(proxyOnLoopback, stack, { addresses: ["0.0.0.0"] })).toEqual([]);
});

it("leaves an unknown address open, and reports the others", () => {
  expect(violations(proxyOnLoopback, [litellm({ ports: [port(UNKNOWN), port()] })])).toEqual([
    message("ports[1].ip"),
    "unknown: .ports.0.ip",
  ]);
});

it("leaves open what only something unknown could show to be LiteLLM", () => {
  expect(violations(proxyOnLoopback, [container({ envs: [UNKNOWN], ports: [port()] })])).toEqual([
    "unknown: .envs.0",
  ]);
});
