import { expect, it } from "vitest";
import { IMAGE_LABEL } from "../../../../policies/images.ts";
import { imageVersion } from "../../../../policies/rules/image-version.ts";
import { container, ID, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (problem: string) => `\`image\` of \`web\` ${problem}. ${imageVersion.remediation}`;
const digest = `sha256:${"0".repeat(64)}`;

it.each([
  "nginx:1.27.3",
  "ghcr.io/berriai/litellm:main-v1.84.0-stable",
  `nginx:1.27@${digest}`,
])("accepts `%s`", (image) => {
  expect(violations(imageVersion, [container({ image })])).toEqual([]);
  const source = remoteImage(image, { imageId: ID });
  expect(violations(imageVersion, [source, container({ image: ID })])).toEqual([]);
});

it.each([
  ["nginx:latest", "has the tag `latest`, which names no version"],
  ["someone/web:stable", "has the tag `stable`, which names no version"],
  ["someone/web:3e5f12a", "has the tag `3e5f12a`, which names no version"],
  ["localhost:5000/web", "has no tag, which means `latest`"],
])("rejects `%s`, by name and by id", (image, problem) => {
  expect(violations(imageVersion, [container({ image })])).toEqual([message(problem)]);
  const source = remoteImage(image, { imageId: ID });
  expect(violations(imageVersion, [source, container({ image: ID })])).toEqual([message(problem)]);
});

it.each([ID, `nginx@${digest}`])("rejects `%s` where nothing names its tag", (image) => {
  expect(violations(imageVersion, [container({ image })])).toEqual([
    message("is an id or digest, and no image resource in the stack names its tag"),
  ]);
  const labels = [{ label: IMAGE_LABEL, value: "nginx:1.27.3" }];
  expect(violations(imageVersion, [container({ image, labels })])).toEqual([
    message("is an id or digest, and no image resource in the stack names its tag"),
  ]);
});

it("follows an id that a preview does not know yet", () => {
  const image = remoteImage("nginx:latest", { imageId: UNKNOWN });
  const held = container({ image: UNKNOWN }, { from: { image: [image.urn] } });
  expect(violations(imageVersion, [image, held])).toEqual([
    message("has the tag `latest`, which names no version"),
  ]);
});

it("leaves an image open of which nothing is known, and reports the others", () => {
  const stack = [container({ image: UNKNOWN }), container({ image: "nginx:latest" })];
  expect(violations(imageVersion, stack)).toEqual([
    message("has the tag `latest`, which names no version"),
    "unknown: .image",
  ]);
});
