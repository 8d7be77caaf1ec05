import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prepared } from "../../../../config/prepared.ts";
import { prepareImages } from "../../../../setup/images/index.ts";
import { building, builtImages, imagesConfig } from "../../../support/images.ts";
import { Registry } from "../../../support/registry.ts";

describe("a registry mirror", () => {
  let registry: Registry;
  let mirror: string;
  let built: Prepared["images"];
  let official: Registry["official"];

  beforeAll(async () => {
    built = await builtImages();
    registry = await Registry.start();
    ({ mirror, official } = registry);
    // Names are what matters here: an image of a few bytes for each is pushed in no time.
    for (const ref of Object.values(official)) await registry.push(ref);
  });

  afterAll(() => registry.remove());

  const nothing = () => {};

  it("is refused by name when it does not hold an image and nothing may be built", async () => {
    const config = imagesConfig({ source: "pull", registry: mirror, ollama: { version: "9.9.9" } });
    await expect(prepareImages(config, nothing)).rejects.toThrow(`docker pull ${mirror}/ollama/ollama:9.9.9`);
  });

  it("serves the three images under their official names", async () => {
    const lines: string[] = [];
    const images = await prepareImages(imagesConfig({ source: "pull", registry: mirror }), (line) =>
      lines.push(line),
    );
    expect(images).toEqual({
      postgres: { ref: official.postgres, version: "16.14", source: "pulled" },
      ollama: { ref: official.ollama, version: "0.17.1", source: "pulled" },
      litellm: { ref: official.litellm, version: "1.73.0", source: "pulled" },
    });
    expect(lines.some((line) => line.startsWith("ollama: "))).toBe(true);
  });

  it("is not asked again for images that were pulled, even when it is gone", async () => {
    const pulled = await prepareImages(imagesConfig({ registry: mirror }), nothing);
    await registry.stop();
    const lines: string[] = [];
    const again = await prepareImages(imagesConfig({ registry: mirror }), (line) => lines.push(line), {
      previous: pulled,
    });
    expect(again).toEqual(pulled);
    expect(lines).toEqual([]);
  });

  it("that is gone makes `auto` build what was not pulled, and say why; that choice stays", async () => {
    await execa("docker", ["rmi", official.postgres]);
    const lines: string[] = [];
    const images = await prepareImages(
      imagesConfig({ registry: mirror }),
      (line) => lines.push(line),
      building,
    );
    expect(images.postgres).toEqual(built.postgres);
    expect(images.ollama.source).toBe("pulled");
    expect(lines.join("\n")).toMatch(/postgres: .*docker pull.*taking one built from package registries/);

    await execa("docker", ["tag", built.postgres.ref, official.postgres]);
    const again = await prepareImages(imagesConfig({ registry: mirror }), nothing, {
      ...building,
      previous: images,
    });
    expect(again).toEqual(images);
  });
});
