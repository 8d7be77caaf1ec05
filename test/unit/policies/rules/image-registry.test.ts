import { expect, it } from "vitest";
import { IMAGE_LABEL } from "../../../../policies/images.ts";
import { imageRegistry } from "../../../../policies/rules/image-registry.ts";
import { container, ID, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY =
  "Use an image from an allowed registry, or allow this registry in the policy config (`registries` of this rule).";
const image = remoteImage("quay.io/someone/web:1.2", { imageId: ID });

it("accepts official images, GitHub's registry, and what llm-stack builds", () => {
  const images = ["nginx:1.27", "someone/web:1", "ghcr.io/berriai/litellm:main-v1.84.0-stable"];
  expect(
    violations(
      imageRegistry,
      [...images, "llm-stack.local/ollama:0.9.6-0f"].map((image) => container({ image })),
    ),
  ).toEqual([]);
});

it("rejects another registry, by name", () => {
  expect(violations(imageRegistry, [container({ image: "quay.io/someone/web:1.2" })])).toEqual([
    `\`image\` of \`web\` comes from \`quay.io\`. ${REMEDY}`,
  ]);
});

it("rejects another registry when the container holds the image's id", () => {
  const message = [`\`image\` of \`web\` comes from \`quay.io\`. ${REMEDY}`];
  expect(violations(imageRegistry, [image, container({ image: ID })])).toEqual(message);
  const label = { label: IMAGE_LABEL, value: "quay.io/someone/web:1.2" };
  expect(violations(imageRegistry, [container({ image: ID, labels: [label] })])).toEqual(message);
});

it("rejects an id of which no image resource names the registry, whatever its label says", () => {
  const message = `\`image\` of \`web\` is an id or digest, and no image resource in the stack names its registry. ${REMEDY}`;
  expect(violations(imageRegistry, [container({ image: ID })])).toEqual([message]);
  const labels = [{ label: IMAGE_LABEL, value: "nginx:1.27.3" }];
  expect(violations(imageRegistry, [container({ image: ID, labels })])).toEqual([message]);
});

it("rejects a digest of another registry, whatever its label or the image that it came from says", () => {
  const digest = `quay.io/someone/web@${ID}`;
  const labels = [{ label: IMAGE_LABEL, value: "nginx:1.27.3" }];
  const found = [`\`image\` of \`web\` comes from \`quay.io\`. ${REMEDY}`];
  expect(violations(imageRegistry, [container({ image: digest, labels })])).toEqual(found);
  const nginx = remoteImage("nginx:1.27.3", { imageId: UNKNOWN });
  const held = container({ image: digest }, { from: { image: [nginx.urn] } });
  expect(violations(imageRegistry, [nginx, held])).toEqual(found);
});

it("follows an id that a preview does not know yet to the image resource", () => {
  const held = container({ image: UNKNOWN }, { from: { image: [image.urn] } });
  expect(violations(imageRegistry, [image, held])).toEqual([
    `\`image\` of \`web\` comes from \`quay.io\`. ${REMEDY}`,
  ]);
});

it("takes other registries by config, whole or from a path on", () => {
  const stack = [container({ image: "quay.io/someone/web:1.2" })];
  expect(violations(imageRegistry, stack, { registries: ["quay.io"] })).toEqual([]);
  expect(violations(imageRegistry, stack, { registries: ["quay.io/someone"] })).toEqual([]);
  expect(violations(imageRegistry, stack, { registries: ["quay.io/some"] })).toHaveLength(1);
});
