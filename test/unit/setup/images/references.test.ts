import { describe, expect, it } from "vitest";
import { stackConfigSchema } from "../../../../config/schema/stack.ts";
import { pinTarget, wantedImage } from "../../../../setup/images/references.ts";

const images = (value: object = {}) => stackConfigSchema.parse({ images: value }).images;

describe("the image wanted for a service", () => {
  it("is the official one with the default version, and the version to build, when nothing is set", () => {
    expect(wantedImage("postgres", images())).toEqual({
      service: "postgres",
      pullRef: "postgres:16.14-bookworm",
      pullVersion: "16.14",
      buildVersion: "16.14",
      probe: "https://registry-1.docker.io/v2/",
    });
    expect(wantedImage("ollama", images())).toMatchObject({
      pullRef: "ollama/ollama:0.17.1",
      pullVersion: "0.17.1",
      buildVersion: "0.9.6",
    });
    expect(wantedImage("litellm", images())).toMatchObject({
      pullRef: "ghcr.io/berriai/litellm:main-v1.73.0-stable",
      buildVersion: "1.73.0",
      probe: "https://ghcr.io/v2/",
    });
  });

  it("is of the version that the config names, pulled or built", () => {
    const wanted = wantedImage("ollama", images({ ollama: { version: "0.20.3" } }));
    expect(wanted).toMatchObject({
      pullRef: "ollama/ollama:0.20.3",
      pullVersion: "0.20.3",
      buildVersion: "0.20.3",
    });
  });

  it.each([
    ["postgres", "localhost:5000/library/postgres:16.14-bookworm"],
    ["ollama", "localhost:5000/ollama/ollama:0.17.1"],
    ["litellm", "localhost:5000/berriai/litellm:main-v1.73.0-stable"],
  ] as const)("comes from the mirror for %s, where only a pull shows whether it answers", (service, pullRef) => {
    expect(wantedImage(service, images({ registry: "localhost:5000" }))).toMatchObject({
      pullRef,
      probe: undefined,
    });
  });

  it("is exactly the image named in full, which is never built and not looked for on the mirror", () => {
    const image = "mirror.example:5000/team/litellm:v9";
    const wanted = wantedImage("litellm", images({ registry: "localhost:5000", litellm: { image } }));
    expect(wanted).toMatchObject({
      pullRef: image,
      pullVersion: "v9",
      buildVersion: undefined,
      probe: undefined,
    });
  });

  it("takes its version from the config when an image is named in full without a tag", () => {
    const digest = `mirror.example:5000/litellm@sha256:${"0".repeat(64)}`;
    expect(wantedImage("litellm", images({ litellm: { image: digest } })).pullVersion).toBe("unknown");
    expect(
      wantedImage("litellm", images({ litellm: { image: digest, version: "1.84.0" } })).pullVersion,
    ).toBe("1.84.0");
  });

  it("is refused for PostgreSQL of another major version, with the way to move the data", () => {
    expect(() =>
      wantedImage("postgres", images({ postgres: { version: "17.2" } })),
    ).toThrowErrorMatchingInlineSnapshot(
      `[UserError: \`images.postgres.version\`: PostgreSQL 17 cannot read the data of PostgreSQL 16; moving to another major version needs a dump and a restore. Use a version 16.x.]`,
    );
    expect(() => wantedImage("postgres", images({ postgres: { image: "postgres:15" } }))).toThrow(
      "`images.postgres.image`",
    );
  });

  it("may be any 16.x of PostgreSQL, and any image whose tag is not a version", () => {
    expect(wantedImage("postgres", images({ postgres: { version: "16.9" } })).pullRef).toBe(
      "postgres:16.9-bookworm",
    );
    expect(wantedImage("postgres", images({ postgres: { image: "team/postgres:stable" } })).pullVersion).toBe(
      "stable",
    );
  });
});

describe("a pinned image", () => {
  const digest = `sha256:${"9".repeat(64)}`;
  const image = `ghcr.io/berriai/litellm:main-v1.73.0-stable@${digest}`;

  it("has the version of the official tag that stands before the digest", () => {
    const wanted = wantedImage("litellm", images({ litellm: { image } }));
    expect(wanted).toMatchObject({ pullRef: image, pullVersion: "1.73.0", buildVersion: undefined });
    const postgres = `localhost:5000/library/postgres:16.14-bookworm@${digest}`;
    expect(wantedImage("postgres", images({ postgres: { image: postgres } })).pullVersion).toBe("16.14");
  });

  it("of PostgreSQL may be named by a digest alone, whatever digits that starts with", () => {
    const wanted = wantedImage("postgres", images({ postgres: { image: `team/postgres@${digest}` } }));
    expect(wanted.pullVersion).toBe("unknown");
  });

  it("is refused while `version` is another one, as long as it is the official image", () => {
    expect(() =>
      wantedImage("litellm", images({ litellm: { image, version: "1.106.2" } })),
    ).toThrowErrorMatchingInlineSnapshot(
      `[UserError: \`images.litellm\`: \`version\` is 1.106.2, and \`image\` is of 1.73.0. \`npm run pin\` moves \`image\` to \`version\`; or remove one of the two.]`,
    );
    const own = `team/litellm:1.0@${digest}`;
    expect(wantedImage("litellm", images({ litellm: { image: own, version: "1.84.0" } })).pullVersion).toBe(
      "1.84.0",
    );
  });
});

describe("the tag that is pinned", () => {
  const digest = `sha256:${"9".repeat(64)}`;

  it("is the official one, of the mirror where there is one", () => {
    expect(pinTarget("litellm", images())).toEqual({
      service: "litellm",
      tagged: "ghcr.io/berriai/litellm:main-v1.73.0-stable",
      pinned: undefined,
    });
    expect(
      pinTarget("postgres", images({ registry: "mirror:5000", postgres: { version: "16.9" } })).tagged,
    ).toBe("mirror:5000/library/postgres:16.9-bookworm");
  });

  it.each([
    ["team/ollama", "team/ollama:latest", false],
    ["team/ollama:v2", "team/ollama:v2", false],
    [`team/ollama:v2@${digest}`, "team/ollama:v2", true],
    [`team/ollama@${digest}`, undefined, true],
  ])("of %s is %s", (image, tagged, isPinned) => {
    expect(pinTarget("ollama", images({ ollama: { image } }))).toEqual({
      service: "ollama",
      tagged,
      pinned: isPinned ? image : undefined,
    });
  });

  it("follows `version`, on the official registry and on the mirror", () => {
    const at = (name: string) => ({
      image: `${name}:main-v1.73.0-stable@${digest}`,
      version: "1.106.2",
    });
    expect(pinTarget("litellm", images({ litellm: at("ghcr.io/berriai/litellm") })).tagged).toBe(
      "ghcr.io/berriai/litellm:main-v1.106.2-stable",
    );
    expect(
      pinTarget("litellm", images({ registry: "m:5000", litellm: at("m:5000/berriai/litellm") })).tagged,
    ).toBe("m:5000/berriai/litellm:main-v1.106.2-stable");
    expect(pinTarget("litellm", images({ litellm: at("team/litellm") })).tagged).toBe(
      "team/litellm:main-v1.73.0-stable",
    );
  });
});
