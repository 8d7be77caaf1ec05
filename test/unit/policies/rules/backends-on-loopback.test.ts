import { expect, it } from "vitest";
import { backendsOnLoopback } from "../../../../policies/rules/backends-on-loopback.ts";
import { container, ID, litellm, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const port = (internal: number, ip?: string) => ({
  internal,
  external: internal,
  ...(ip === undefined ? {} : { ip }),
});
const message = (place: string, service: string, ip = "0.0.0.0") =>
  `\`${place}\` of \`web\` publishes ${service} on \`${ip}\`. ${backendsOnLoopback.remediation}`;

it("accepts servers on loopback or not published, and whatever else is published", () => {
  const stack = [
    container({ image: "postgres:16.14", ports: [port(5432, "127.0.0.1")] }),
    container({ image: "ollama/ollama:0.17.1", ports: undefined }),
    container({ ports: [port(8080)] }),
    litellm({ ports: [port(4000)] }),
  ];
  expect(violations(backendsOnLoopback, stack)).toEqual([]);
});

it.each([
  ["PostgreSQL", { image: "postgres:16.14" }],
  ["PostgreSQL", { envs: ["POSTGRES_PASSWORD=x"] }],
  ["Ollama", { image: "ollama/ollama:0.17.1" }],
  ["Ollama", { envs: ["OLLAMA_HOST=0.0.0.0"] }],
])("rejects %s beyond loopback, however it is published", (service, props) => {
  const found = (more: object) => violations(backendsOnLoopback, [container({ ...props, ...more })]);
  expect(found({ ports: [port(1)] })).toEqual([message("ports[0].ip", service)]);
  expect(found({ ports: [port(1, "192.0.2.10")] })).toEqual([message("ports[0].ip", service, "192.0.2.10")]);
  expect(found({ publishAllPorts: true })).toEqual([message("publishAllPorts", service)]);
  expect(found({ networkMode: "host" })).toEqual([message("networkMode", service)]);
});

it("knows them by their ports, and by id", () => {
  expect(violations(backendsOnLoopback, [container({ ports: [port(5432)] })])).toEqual([
    message("ports[0].ip", "PostgreSQL"),
  ]);
  const image = remoteImage("ollama/ollama:0.17.1", { imageId: ID });
  expect(violations(backendsOnLoopback, [image, container({ image: ID, ports: [port(1)] })])).toEqual([
    message("ports[0].ip", "Ollama"),
  ]);
});

it("knows no address that would be allowed", () => {
  const stack = [container({ ports: [port(5432)] })];
  expect(violations(backendsOnLoopback, stack, { addresses: ["0.0.0.0"] })).toHaveLength(1);
});

it("leaves an unknown address open, and reports the others", () => {
  expect(violations(backendsOnLoopback, [container({ ports: [port(5432, UNKNOWN), port(11434)] })])).toEqual([
    message("ports[1].ip", "PostgreSQL"),
    "unknown: .ports.0.ip",
  ]);
});
