import { expect, it } from "vitest";
import { imagePinned } from "../../../../policies/rules/image-pinned.ts";
import { container, ID, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const digest = `sha256:${"0".repeat(64)}`;

it.each([ID, `nginx@${digest}`, `nginx:1.27@${digest}`])("accepts `%s`", (image) => {
  expect(violations(imagePinned, [container({ image })])).toEqual([]);
});

it("accepts an id that comes from an image resource, known or not", () => {
  const image = remoteImage("nginx:1.27", { imageId: UNKNOWN });
  const held = container({ image: UNKNOWN }, { from: { image: [image.urn] } });
  expect(violations(imagePinned, [image, held])).toEqual([]);
});

it.each(["nginx", "nginx:1.27.3", "quay.io/someone/web:1"])("rejects `%s`", (image) => {
  expect(violations(imagePinned, [container({ image })])).toEqual([
    `\`image\` of \`web\` is \`${image}\`, which may stand for another image later. ${imagePinned.remediation}`,
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(violations(imagePinned, [container({ image: UNKNOWN })])).toEqual(["unknown: .image"]);
});
