import { describe, expect, it } from "vitest";
import { builtImage, outdated, pinnedImage, refusals, renderPins } from "../../../../cli/docker/pins.ts";
import { plainLogin } from "../../../../setup/images/registry.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const tagged = "postgres:16.14-bookworm";
const target = { service: "postgres", tagged, pinned: `${tagged}@${digest("a")}` } as const;

describe("a pinned image", () => {
  it("is current while its tag has the digest of the config", () => {
    expect(pinnedImage(target, digest("a"))).toEqual({
      service: "postgres",
      state: "current",
      image: tagged,
      pinned: digest("a"),
      now: digest("a"),
      pin: target.pinned,
    });
  });

  it("has moved when the tag has another digest, or the version another tag", () => {
    expect(pinnedImage(target, digest("b"))).toMatchObject({
      state: "moved",
      pinned: digest("a"),
      pin: `${tagged}@${digest("b")}`,
    });
    expect(pinnedImage({ ...target, tagged: "postgres:16.15-bookworm" }, digest("a")).state).toBe("moved");
  });

  it("is current for good when it has no tag", () => {
    const pinned = `team/postgres@${digest("a")}`;
    expect(pinnedImage({ service: "postgres", tagged: undefined, pinned }, undefined)).toMatchObject({
      state: "current",
      pinned: digest("a"),
      now: null,
    });
  });

  it("counts as not pinned while it has a tag alone", () => {
    const service = pinnedImage({ ...target, pinned: undefined }, digest("b"));
    expect(service).toMatchObject({ state: "unpinned", pinned: null, now: digest("b") });
    expect(
      outdated([service, pinnedImage(target, digest("a")), builtImage({ service: "ollama", ref: "r" })]),
    ).toEqual([service]);
  });
});

describe("what is told", () => {
  const images = [
    pinnedImage(target, digest("b")),
    pinnedImage({ service: "litellm", tagged: undefined, pinned: `team/litellm@${digest("c")}` }, undefined),
    builtImage({ service: "ollama", ref: "llm-stack.local/ollama:0.9.6-01234567" }),
  ];
  const report = { stack: "dev", file: "Pulumi.dev.yaml", written: false, current: false, images };

  it("of a look: what is pinned, and what the tags are now", () => {
    expect(renderPins(report)).toMatchInlineSnapshot(`
      "Stack dev: not every image is pinned to the current digest of its tag; \`npm run pin\` writes the digests to Pulumi.dev.yaml.

      SERVICE   IMAGE                    PINNED               TAG IS NOW
      postgres  postgres:16.14-bookworm  sha256:aaaaaaaaaaaa  sha256:bbbbbbbbbbbb  moved
      litellm   team/litellm             sha256:cccccccccccc  no tag               current

      ollama: built on this machine (llm-stack.local/ollama:0.9.6-01234567) and deployed by its image id; cannot be pinned"
    `);
  });

  it("of a change: old and new digests", () => {
    expect(renderPins({ ...report, written: true, current: true })).toMatchInlineSnapshot(`
      "Stack dev: written to Pulumi.dev.yaml; \`npm run up\` deploys it.

      SERVICE   IMAGE                    OLD DIGEST           NEW DIGEST
      postgres  postgres:16.14-bookworm  sha256:aaaaaaaaaaaa  sha256:bbbbbbbbbbbb
      litellm   team/litellm             sha256:cccccccccccc  no tag

      ollama: built on this machine (llm-stack.local/ollama:0.9.6-01234567) and deployed by its image id; cannot be pinned"
    `);
  });

  it("when there are built images alone", () => {
    expect(renderPins({ ...report, current: true, images: images.slice(2) })).toMatchInlineSnapshot(`
      "Stack dev: nothing can be pinned.

      ollama: built on this machine (llm-stack.local/ollama:0.9.6-01234567) and deployed by its image id; cannot be pinned"
    `);
  });

  it("of registries that gave nothing: each reason once", () => {
    expect(refusals([{ refusal: "a" }, { digest: digest("a") }, { refusal: "a" }, { refusal: "b" }])).toEqual(
      ["a", "b"],
    );
  });
});

describe("a login of the Docker client", () => {
  const auth = Buffer.from("user:pass:word").toString("base64");

  it("is found under the registry's name, and Docker Hub's under its old address", () => {
    const config = { auths: { "mirror.example:5000": { auth }, "https://index.docker.io/v1/": { auth } } };
    const login = { username: "user", password: "pass:word" };
    expect(plainLogin(config, "mirror.example:5000")).toEqual(login);
    expect(plainLogin(config, "docker.io")).toEqual(login);
    expect(plainLogin(config, "ghcr.io")).toBeUndefined();
  });

  it("may be a token", () => {
    expect(plainLogin({ auths: { "ghcr.io": { auth, identitytoken: "t" } } }, "ghcr.io")).toEqual({
      identitytoken: "t",
    });
  });
});
