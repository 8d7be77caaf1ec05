import { describe, expect, it } from "vitest";
import { IMAGE_LABEL, imageOf, referencesOf, versionOf } from "../../../policies/images.ts";
import type { Container } from "../../../policies/resource.ts";
import { container as anyContainer, ID, remoteImage, resource, UNKNOWN } from "../../support/policies.ts";

const container = (...args: Parameters<typeof anyContainer>) => anyContainer(...args) as Container;
const digest = `sha256:${"0".repeat(64)}`;
const label = (value: string) => [{ label: IMAGE_LABEL, value }];

describe("imageOf", () => {
  it("takes the reference that the container holds", () => {
    expect(imageOf(container({ image: "web:1" }), [])).toMatchObject({
      reference: { repository: "library/web", tag: "1" },
      pinned: false,
    });
    expect(imageOf(container({ image: `web:1@${digest}` }), [])).toMatchObject({
      reference: { tag: "1" },
      pinned: true,
    });
  });

  it.each([
    ["id", ID, { imageId: ID }],
    ["digest", `web@${digest}`, { repoDigest: `web@${digest}` }],
  ])("finds the image resource whose %s the container holds", (_, image, outputs) => {
    expect(imageOf(container({ image }), [remoteImage("web:1.2", outputs)])).toMatchObject({
      reference: { repository: "library/web", tag: "1.2" },
      pinned: true,
    });
  });

  it("finds the image resource that an id not known yet comes from", () => {
    const image = remoteImage("web:1.2", { imageId: UNKNOWN });
    const held = container({ image: UNKNOWN }, { from: { image: [image.urn] } });
    expect(imageOf(held, [image])).toMatchObject({ reference: { tag: "1.2" }, pinned: true });
  });

  it("finds an image that the stack builds", () => {
    const image = resource("docker:index/image:Image", "image", {
      imageName: "web:1.2",
      repoDigest: `web@${digest}`,
    });
    expect(imageOf(container({ image: `web@${digest}` }), [image]).reference?.tag).toBe("1.2");
  });

  it("does not take the image resource of another container", () => {
    const image = remoteImage("web:1.2", { imageId: ID.replace("0", "1"), repoDigest: "" });
    expect(imageOf(container({ image: ID }), [image])).toEqual({ reference: undefined, pinned: true });
  });

  it("does not believe the label", () => {
    expect(imageOf(container({ image: ID, labels: label("web:1.2") }), []).reference).toBeUndefined();
    expect(imageOf(container({ image: `web@${digest}`, labels: label("web:1.2") }), []).reference?.tag).toBe(
      undefined,
    );
  });

  it("takes no image resource that has other ids, whatever the argument came from", () => {
    const image = remoteImage("web:1.2", { imageId: digest, repoDigest: `web@${digest}` });
    const from = { from: { image: [image.urn] } };
    expect(imageOf(container({ image: ID }, from), [image]).reference).toBeUndefined();
    expect(
      imageOf(container({ image: `evil.example/web@${digest}` }, from), [image]).reference,
    ).toMatchObject({
      registry: "evil.example",
      tag: undefined,
    });
  });

  it("throws only where nothing known names an image", () => {
    expect(() => imageOf(container({ image: UNKNOWN }), [])).toThrow(".image");
    expect(() => imageOf(container({ image: UNKNOWN, labels: label("web:1.2") }), [])).toThrow(".image");
    expect(imageOf(container({ image: ID, labels: label(UNKNOWN) }), []).reference).toBeUndefined();
    expect(imageOf(container({ image: "web:1.2", labels: UNKNOWN }), []).reference?.tag).toBe("1.2");
    expect(imageOf(container({ image: "web:1.2", labels: label(UNKNOWN) }), []).reference?.tag).toBe("1.2");
  });
});

it.each([ID, ID.slice("sha256:".length), "sha256:01234567"])("takes no id for a reference: `%s`", (image) => {
  expect(referencesOf(container({ image }), [])).toEqual({ certain: [], claimed: undefined });
});

it("gives every reference, the container's own first, and the label's apart", () => {
  const image = remoteImage("b:2");
  const held = container({ image: "a:1", labels: label("c:3") }, { from: { image: [image.urn] } });
  const { certain, claimed } = referencesOf(held, [image]);
  expect(certain.map(({ tag }) => tag)).toEqual(["1", "2"]);
  expect(claimed?.tag).toBe("3");
});

describe("versionOf", () => {
  it.each([
    ["1.27.3", "1.27.3"],
    ["v2", "2"],
    ["16.14-bookworm", "16.14"],
    ["main-v1.73.0-stable", "1.73.0"],
    ["1.73.0-163f52ef", "1.73.0"],
    ["v1.84.0-stable.patch.2", "1.84.0"],
    ["v1.84.0.rc.1", "1.84.0"],
    ["1.84.0rc1", "1.84.0"],
    ["pg16", undefined],
    ["latest", undefined],
    ["main-stable", undefined],
    ["main-latest", undefined],
    ["main-3e5f12a", undefined],
    ["3e5f12a", undefined],
    [undefined, undefined],
  ])("of `%s` is %s", (tag, version) => {
    expect(versionOf(tag)).toBe(version);
  });
});
