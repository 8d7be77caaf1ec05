import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { PinReport } from "../../cli/docker/pins.ts";
import { prepareImages } from "../../setup/images/index.ts";
import { lookUp } from "../../setup/images/registry.ts";
import { Clone, docker } from "../support/clone.ts";
import { builtImages, imagesConfig, uniqueName } from "../support/images.ts";
import { OtherProgram, project } from "../support/other-program.ts";
import { Registry } from "../support/registry.ts";

/** Of a registry that asks for a login: `pin` with this password. */
const PASSWORD = "pin-test-password";
const PASSWORDS = "pin:$2y$05$abcdefghijklmnopqrstuu9qRc6ediBZunnmaUVAVvqXYitImsLkO\n";

const SERVICES = ["postgres", "ollama", "litellm"] as const;

let registry: Registry;
let clone: Clone;
/** The digests under which the images were pushed first. */
let first: Record<(typeof SERVICES)[number], string>;

const file = () => readFile(join(clone.dir, "Pulumi.dev.yaml"), "utf8");
const images = async () => parse(await file()).config["llm-stack:images"];
const config = (mirror: string) => `# shared by the team
config:
  llm-stack:namePrefix: pin-
  llm-stack:portOffset: 28000
  llm-stack:ollama: [ { name: one } ] # one is enough
  llm-stack:images:
    registry: ${mirror} # our mirror
    litellm:
      version: "1.73.0"
`;
const write = (text: string) => writeFile(join(clone.dir, "Pulumi.dev.yaml"), text);

beforeAll(async () => {
  registry = await Registry.start();
  const { official } = registry;
  first = {
    postgres: await registry.push(official.postgres),
    ollama: await registry.push(official.ollama),
    litellm: await registry.push(official.litellm),
  };
  clone = await Clone.make({});
  await write(config(registry.mirror));
});

afterAll(async () => {
  await clone?.remove();
  await registry?.remove();
});

describe("npm run pin", () => {
  it("finds nothing pinned at first, and only looks with --check", async () => {
    const { exitCode, all } = await clone.run("pin", "--check");
    expect([exitCode, all.match(/not pinned$/gm)?.length]).toEqual([1, 3]);
    expect(await file()).toBe(config(registry.mirror));
  });

  it("writes what the tags are, and leaves the rest of the file as it is", async () => {
    const { all } = await clone.ok("pin");
    for (const digest of Object.values(first)) expect(all).toContain(digest.slice(0, 19));
    const text = await file();
    const pin = (service: keyof typeof first) => `${registry.official[service]}@${first[service]}`;
    expect(text).toBe(`${config(registry.mirror)}      image: ${pin("litellm")}
    postgres:
      image: ${pin("postgres")}
    ollama:
      image: ${pin("ollama")}
`);
    await clone.ok("pin");
    expect(await file()).toBe(text);
    await clone.ok("pin", "--check");
  });

  it("tells by --check, with exit code 1, that a tag has moved, and takes the new digest when run again", async () => {
    const before = await file();
    const digest = await registry.push(registry.official.ollama, "moved");
    expect(digest).not.toBe(first.ollama);
    const { exitCode, stdout } = await clone.run("pin", "--check", "--json");
    expect(exitCode).toBe(1);
    const report: PinReport = JSON.parse(stdout);
    expect(report.images.filter(({ state }) => state !== "current")).toMatchObject([
      { service: "ollama", state: "moved", pinned: first.ollama, now: digest },
    ]);
    expect(await file()).toBe(before);

    // The stack that is pinned to the first one gets that: the tag is not looked at.
    const prepared = await prepareImages(imagesConfig(await images()), () => {});
    expect(prepared).toEqual({
      postgres: {
        ref: `${registry.official.postgres}@${first.postgres}`,
        version: "16.14",
        source: "pulled",
      },
      ollama: { ref: `${registry.official.ollama}@${first.ollama}`, version: "0.17.1", source: "pulled" },
      litellm: { ref: `${registry.official.litellm}@${first.litellm}`, version: "1.73.0", source: "pulled" },
    });
    const content = ["image", "inspect", "--format", "{{.Config.Labels.content}}", prepared.ollama.ref];
    expect(await docker(...content)).toBe(registry.official.ollama);

    const { all } = await clone.ok("pin");
    expect(all).toMatch(new RegExp(`${first.ollama.slice(0, 19)}  ${digest.slice(0, 19)}`));
    expect(await file()).toBe(before.replace(first.ollama, digest));
  });

  it("follows the config's `version` to another tag", async () => {
    const ref = `${registry.mirror}/berriai/litellm:main-v1.106.2-stable`;
    const digest = await registry.push(ref);
    await write((await file()).replace('version: "1.73.0"', 'version: "1.106.2"'));
    const prepare = prepareImages(imagesConfig(await images()), () => {});
    await expect(prepare).rejects.toThrow("`npm run pin` moves `image` to `version`");
    await clone.ok("pin");
    expect((await images()).litellm).toEqual({ version: "1.106.2", image: `${ref}@${digest}` });
  });

  it("writes nothing when one of the registries has no such image, and names it", async () => {
    const text = config(registry.mirror).replace("1.73.0", "1.80.0");
    await write(text);
    const { exitCode, all } = await clone.run("pin");
    expect(exitCode).toBe(2);
    expect(all).toContain(`\`${registry.mirror}\` does not give`);
    expect(all).toContain("main-v1.80.0-stable");
    expect(await file()).toBe(text);
  });

  it("does not write where Pulumi's own stack file wins, and says so", async () => {
    await write(config(registry.mirror));
    const own = join(clone.dir, ".llm-stack", "Pulumi.dev.yaml");
    await mkdir(join(clone.dir, ".llm-stack"), { recursive: true });
    await writeFile(own, `config:\n  llm-stack:images: { registry: "${registry.mirror}" }\n`);
    try {
      const { exitCode, all } = await clone.run("pin");
      expect(exitCode).toBe(2);
      expect(all).toContain("`llm-stack:images` is set in `.llm-stack/Pulumi.dev.yaml` and wins");
      expect(await file()).toBe(config(registry.mirror));
      expect((await clone.run("pin", "--check")).exitCode).toBe(1);
    } finally {
      await rm(own);
    }
  });

  it("says of images that are built here that they cannot be pinned, and asks no registry for them", async () => {
    const text = "config:\n  llm-stack:images: { source: build }\n";
    await write(text);
    const { all } = await clone.ok("pin");
    for (const service of SERVICES)
      expect(all).toMatch(new RegExp(`^${service}: built .* cannot be pinned$`, "m"));
    await clone.ok("pin", "--check");
    expect(await file()).toBe(text);
  });

  it("pins the others where one was built because its registry had none, and says so of that one", async () => {
    const { postgres } = await builtImages();
    const service = (name: "ollama" | "litellm") => ({
      ref: registry.official[name],
      version: "1",
      source: "pulled",
    });
    const prepared = {
      engine: { version: "20.10.24", cpus: 2, memoryBytes: 1 },
      images: { postgres, ollama: service("ollama"), litellm: service("litellm") },
    };
    const facts = join(clone.dir, ".llm-stack", "prepared.dev.json");
    await writeFile(facts, JSON.stringify(prepared));
    try {
      await write(config(registry.mirror));
      const { all } = await clone.ok("pin");
      expect(all).toContain(`postgres: built on this machine (${postgres.ref})`);
      expect(Object.keys(await images())).toEqual(["registry", "litellm", "ollama"]);
      await clone.ok("pin", "--check");
    } finally {
      await rm(facts);
    }
  });

  it("ends with code 2 and names the registry when that cannot be reached", async () => {
    const gone = await Registry.start();
    await gone.remove();
    await write(config(gone.mirror));
    for (const args of [[], ["--check"]]) {
      const { exitCode, all } = await clone.run("pin", ...args);
      expect(exitCode).toBe(2);
      expect(all).toContain(`\`${gone.mirror}\` cannot be asked for`);
    }
    expect(await file()).toBe(config(gone.mirror));
  });
});

it("an image for several architectures has the digest of their index, as after a pull", async () => {
  const type = "application/vnd.docker.distribution.manifest";
  const name = `${registry.mirror}/team/multi`;
  const digest = await registry.push(`${name}:one`);
  const manifests = `http://${registry.mirror}/v2/team/multi/manifests`;
  const one = await fetch(`${manifests}/${digest}`, { headers: { Accept: `${type}.v2+json` } });
  const entry = { mediaType: `${type}.v2+json`, digest, size: (await one.arrayBuffer()).byteLength };
  const index = {
    schemaVersion: 2,
    mediaType: `${type}.list.v2+json`,
    manifests: ["amd64", "arm64"].map((architecture) => ({
      ...entry,
      platform: { architecture, os: "linux" },
    })),
  };
  const put = await fetch(`${manifests}/all`, {
    method: "PUT",
    headers: { "Content-Type": index.mediaType },
    body: JSON.stringify(index),
  });
  const found = await lookUp(`${name}:all`);
  expect(found).toEqual({ digest: put.headers.get("docker-content-digest") });
  expect(found).not.toEqual({ digest });
  await docker("pull", "--quiet", `${name}:all`);
  const digests = JSON.parse(
    await docker("image", "inspect", "--format", "{{json .RepoDigests}}", `${name}:all`),
  );
  expect([{ digest: digests[0].split("@")[1] }]).toEqual([found]);
});

it("a private registry is asked with the login of the Docker client", async () => {
  const closed = await Registry.start({ passwords: PASSWORDS });
  const folder = await mkdtemp(join(tmpdir(), "llm-stack-login-"));
  const auth = Buffer.from(`pin:${PASSWORD}`).toString("base64");
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [closed.mirror]: { auth } } }));
  const before = process.env.DOCKER_CONFIG;
  try {
    const ref = `${closed.mirror}/team/litellm:v1`;
    const digest = await closed.push(ref, ref, ["--config", folder]);
    const refused = await lookUp(ref);
    expect(refused).toMatchObject({ refusal: expect.stringContaining("does not give") });
    process.env.DOCKER_CONFIG = folder;
    expect(await lookUp(ref)).toEqual({ digest });
  } finally {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
    await closed.remove();
    await rm(folder, { recursive: true, force: true });
  }
});

describe("a stack with pinned images", () => {
  const name = uniqueName("pin");
  let program: OtherProgram;

  beforeAll(async () => {
    program = await OtherProgram.make();
  });
  afterAll(async () => {
    await program?.pulumi(["destroy", "--yes", "--skip-preview"]);
    await program?.remove();
  });

  /** Three images by these references, and a container of the Ollama one. */
  const write = (refs: object) =>
    program.write(`import * as docker from "@pulumi/docker";
import { StackImages } from "${project}/infra/images.ts";

const images = new StackImages("images", ${JSON.stringify(refs)});
new docker.Container("server", {
  name: "${name}",
  image: images.ollama,
  command: ["/none"],
  networkMode: "bridge",
  start: false,
  mustRun: false,
});
`);
  const container = (format: string) => docker("container", "inspect", "--format", format, name);

  it("runs the pinned image while its tag is another one, and rolls when the digest changes alone", async () => {
    const { official } = registry;
    const pinned = (digest: string) => ({
      postgres: `${official.postgres}@${first.postgres}`,
      ollama: `${official.ollama}@${digest}`,
      litellm: `${official.litellm}@${first.litellm}`,
    });
    const moved = await registry.push(official.ollama, "moved");
    await write(pinned(first.ollama));
    await program.pulumi(["up", "--yes", "--skip-preview"]);
    const id = await container("{{.Id}}");
    expect(await container("{{.Config.Labels.content}}")).toBe(official.ollama);

    await registry.push(official.ollama, "moved-again");
    await program.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes", "--refresh"]);
    expect(await container("{{.Id}}")).toBe(id);

    await write(pinned(moved));
    await program.pulumi(["up", "--yes", "--skip-preview"]);
    expect(await container("{{.Id}}")).not.toBe(id);
    expect(await container("{{.Config.Labels.content}}")).toBe("moved");
  });

  it("keeps its containers when it is pinned to what it runs already", async () => {
    const { ollama } = registry.official;
    const digest = await registry.push(ollama, "kept");
    await write({ postgres: ollama, ollama, litellm: ollama });
    await program.pulumi(["up", "--yes", "--skip-preview"]);
    const id = await container("{{.Id}}");
    const pinned = `${ollama}@${digest}`;
    await write({ postgres: pinned, ollama: pinned, litellm: pinned });
    await program.pulumi(["up", "--yes", "--skip-preview"]);
    expect(await container("{{.Id}}")).toBe(id);
  });
});
