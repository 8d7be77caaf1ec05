import { expect, it } from "vitest";
import { officialTag } from "../../../../litellm/versions.ts";
import { litellmCurrentVersion } from "../../../../policies/rules/litellm-current-version.ts";
import { container, ID, litellm, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const reference = (version: string) => `ghcr.io/berriai/litellm:${officialTag(version)}`;
const published = { ports: [{ internal: 4000, external: 4444 }] };
const message = (version: string) =>
  `\`image\` of \`proxy\` is LiteLLM ${version}, which anyone who reaches this host's loopback can use without a key. ${litellmCurrentVersion.remediation}`;

it("accepts new versions, and what the mandatory rules report", () => {
  const stack = [
    litellm(),
    container({ image: "nginx:1.27" }),
    litellm({ image: reference("1.80.0") }),
    litellm({ image: reference("1.73.0"), ...published }),
  ];
  expect(violations(litellmCurrentVersion, stack)).toEqual([]);
});

it.each(["1.73.0", "1.83.7"])("rejects %s on loopback, by name and by id", (version) => {
  const image = reference(version);
  expect(violations(litellmCurrentVersion, [litellm({ image })])).toEqual([message(version)]);
  const stack = [remoteImage(image, { imageId: ID }), litellm({ image: ID })];
  expect(violations(litellmCurrentVersion, stack)).toEqual([message(version)]);
});

it("leaves open what a preview does not know", () => {
  const ports = [{ internal: 4000, ip: UNKNOWN }];
  expect(violations(litellmCurrentVersion, [litellm({ image: reference("1.73.0"), ports })])).toEqual([
    "unknown: .ports.0.ip",
  ]);
});
