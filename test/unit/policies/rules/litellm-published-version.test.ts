import { expect, it } from "vitest";
import { officialTag } from "../../../../litellm/versions.ts";
import { litellmPublishedVersion } from "../../../../policies/rules/litellm-published-version.ts";
import { container, ID, litellm, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const reference = (version: string) => `ghcr.io/berriai/litellm:${officialTag(version)}`;
const published = { ports: [{ internal: 4000, external: 4444, ip: "192.0.2.10" }] };
const message = (version: string) =>
  `\`image\` of \`proxy\` is LiteLLM ${version}, which lets in a request with a crafted \`Host\` header without a key (CVE-2026-49468), and is published beyond loopback. ${litellmPublishedVersion.remediation}`;

it("accepts old versions on loopback, new ones anywhere, and what is not LiteLLM", () => {
  const stack = [
    litellm({ image: reference("1.73.0") }),
    litellm({ image: reference("1.84.0"), ...published }),
    container({ image: "nginx:1.27", ...published }),
  ];
  expect(violations(litellmPublishedVersion, stack)).toEqual([]);
});

it.each(["1.80.0", "1.82.7"])("leaves %s to the rule on exploited versions", (version) => {
  expect(violations(litellmPublishedVersion, [litellm({ image: reference(version), ...published })])).toEqual(
    [],
  );
});

it.each([
  "1.73.0",
  "1.74.1",
  "1.83.7",
  "1.83.14",
])("rejects %s beyond loopback, by name and by id", (version) => {
  const image = reference(version);
  expect(violations(litellmPublishedVersion, [litellm({ image, ...published })])).toEqual([message(version)]);
  const stack = [remoteImage(image, { imageId: ID }), litellm({ image: ID, networkMode: "host" })];
  expect(violations(litellmPublishedVersion, stack)).toEqual([message(version)]);
});

it("leaves open what a preview does not know", () => {
  const image = reference("1.73.0");
  const unknown = { ports: [{ internal: 4000, ip: UNKNOWN }] };
  expect(violations(litellmPublishedVersion, [litellm({ image, ...unknown })])).toEqual([
    "unknown: .ports.0.ip",
  ]);
  expect(violations(litellmPublishedVersion, [litellm({ image: reference("1.84.0"), ...unknown })])).toEqual(
    [],
  );
  expect(violations(litellmPublishedVersion, [litellm({ image: UNKNOWN, ...published })])).toEqual([
    "unknown: .image",
  ]);
});
