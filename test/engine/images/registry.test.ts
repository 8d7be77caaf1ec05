import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prepared } from "../../../config/prepared.ts";
import { cached } from "../../../setup/cache.ts";
import { prepareImages } from "../../../setup/images/index.ts";
import { builtImages, freePort, imagesConfig } from "./docker.ts";

/** Debian's registry, unpacked into the cache folder: installing the package would start a service. */
async function registryProgram(): Promise<string> {
  const { dir } = await cached("test/docker-registry", async (target) => {
    await execa("apt-get", ["update", "--quiet"], { reject: false });
    await execa("apt-get", ["download", "docker-registry"], { cwd: target });
    const [archive] = await readdir(target);
    await execa("dpkg-deb", ["--extract", join(target, archive ?? ""), target]);
  });
  return join(dir, "usr", "bin", "docker-registry");
}

describe("a registry mirror", () => {
  let registry: ResultPromise;
  let folder: string;
  let mirror: string;
  let built: Prepared["images"];
  let official: Record<keyof Prepared["images"], string>;

  beforeAll(async () => {
    built = await builtImages();
    folder = await mkdtemp(join(tmpdir(), "llm-stack-registry-"));
    const port = await freePort();
    mirror = `localhost:${port}`;
    const config = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: `127.0.0.1:${port}` },
    };
    await writeFile(join(folder, "config.yml"), JSON.stringify(config));
    registry = execa(await registryProgram(), ["serve", join(folder, "config.yml")], {
      reject: false,
      stdio: "ignore",
    });
    for (let tries = 0; !(await fetch(`http://${mirror}/v2/`).catch(() => undefined))?.ok; tries++) {
      if (tries > 100) throw new Error("the registry does not answer");
      await sleep(100);
    }
    official = {
      postgres: `${mirror}/library/postgres:16.14-bookworm`,
      ollama: `${mirror}/ollama/ollama:0.17.1`,
      litellm: `${mirror}/berriai/litellm:main-v1.73.0-stable`,
    };
    // Names are what matters here: an image of a few bytes for each is pushed in no time.
    for (const ref of Object.values(official)) {
      const archive = join(folder, "image.tar");
      await execa("tar", ["--create", "--file", archive, "--directory", folder, "config.yml"]);
      await execa("docker", ["import", "--change", `LABEL ref=${ref}`, archive, ref]);
      await execa("docker", ["push", ref]);
      await execa("docker", ["rmi", ref]);
    }
  });

  afterAll(async () => {
    await execa("docker", ["rmi", ...Object.values(official ?? {})], { reject: false });
    registry?.kill();
    await registry;
    await rm(folder, { recursive: true, force: true });
  });

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
    registry.kill();
    await registry;
    const lines: string[] = [];
    const again = await prepareImages(imagesConfig({ registry: mirror }), (line) => lines.push(line), pulled);
    expect(again).toEqual(pulled);
    expect(lines).toEqual([]);
  });

  it("that is gone makes `auto` build what was not pulled, and say why; that choice stays", async () => {
    await execa("docker", ["rmi", official.postgres]);
    const lines: string[] = [];
    const images = await prepareImages(imagesConfig({ registry: mirror }), (line) => lines.push(line));
    expect(images.postgres).toEqual(built.postgres);
    expect(images.ollama.source).toBe("pulled");
    expect(lines.join("\n")).toMatch(/postgres: .*docker pull.*taking one built from package registries/);

    await execa("docker", ["tag", built.postgres.ref, official.postgres]);
    expect(await prepareImages(imagesConfig({ registry: mirror }), nothing, images)).toEqual(images);
  });
});
