import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromSource } from "../../../../from-source/index.ts";
import { builtKeys } from "../../../../from-source/pulumi/build.ts";
import { type PulumiOptions, preparePulumi as preparePulumiWith } from "../../../../setup/pulumi/index.ts";
import { PLUGINS } from "../../../../setup/pulumi/versions.ts";

const GO = new URL("../../../../from-source/pulumi/go/", import.meta.url);

let folder: string;

const preparePulumi = (report: (line: string) => void, options: PulumiOptions) =>
  preparePulumiWith(report, () => Promise.resolve(fromSource), options);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-stack-built-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("the built Pulumi", () => {
  it("has cache keys that name versions and recipe", () => {
    const keys = builtKeys();
    expect(keys.cli).toMatch(/^pulumi\/3\.220\.0-built-[0-9a-f]{8}$/);
    expect(keys.home).toMatch(/^pulumi-home\/3\.220\.0-docker-5\.2\.0-random-4\.21\.2-built-[0-9a-f]{8}$/);
    expect(builtKeys()).toEqual(keys);
  });

  it("is taken from the cache without Go, network or any program", async () => {
    const keys = builtKeys();
    await mkdir(join(folder, "llm-stack", keys.cli, "bin"), { recursive: true });
    await mkdir(join(folder, "llm-stack", keys.home), { recursive: true });

    const found = await preparePulumi(() => {}, {
      env: { XDG_CACHE_HOME: folder, PATH: "" },
      baseUrl: "http://127.0.0.1:1",
    });

    expect(found).toEqual({
      bin: join(folder, "llm-stack", keys.cli, "bin"),
      home: join(folder, "llm-stack", keys.home),
      version: "3.220.0",
      source: "built",
    });
  });

  it("is built, with each plug-in's schema beside it, where the official one cannot be reached", async () => {
    const bin = await fakeGo();
    const lines: string[] = [];

    const made = await preparePulumi((line) => lines.push(line), {
      env: { XDG_CACHE_HOME: folder, PATH: `${bin}:${process.env.PATH}`, FAKES: folder },
      baseUrl: "http://127.0.0.1:1",
    });

    expect(lines).toEqual([
      "building Pulumi 3.220.0 from Go modules (3 to 5 minutes the first time)",
      "building Pulumi's plug-ins docker 5.2.0 and random 4.21.2 (3 to 5 minutes the first time)",
    ]);
    expect(existsSync(join(made.bin, "pulumi-analyzer-policy"))).toBe(true);
    expect(await readFile(join(folder, "installed"), "utf8")).toBe(
      "plugin install resource docker 5.2.0: pulumi-resource-docker schema.json\n" +
        "plugin install resource random 4.21.2: pulumi-resource-random schema.json\n",
    );
    expect(existsSync(join(made.home, "build"))).toBe(false);
  });

  it("leaves nothing when a build fails", async () => {
    const bin = await fakeGo("echo 'no space left on device' >&2; exit 1");
    const options = { env: { XDG_CACHE_HOME: folder, PATH: `${bin}:${process.env.PATH}` } };

    await expect(preparePulumi(() => {}, { ...options, source: "build" })).rejects.toThrow(
      "No disk space is left to build",
    );
    expect(existsSync(join(folder, "llm-stack", builtKeys().cli))).toBe(false);
  });
});

describe("versions", () => {
  it.each([
    "docker",
    "random",
  ] as const)("pins the plug-in %s to what its npm package asks for", async (name) => {
    const { version } = createRequire(import.meta.url)(`@pulumi/${name}/package.json`);
    expect(PLUGINS[name]).toBe(version);
    expect(await readFile(new URL(`plugins/${name}/provider.go`, GO), "utf8")).toContain(
      `const Version = "${version}"`,
    );
  });
});

/** A `go` whose builds are shell scripts; `build`, when given, replaces its build. Returns its folder. */
async function fakeGo(
  build = [
    'while [ "$1" != -o ]; do shift; done; out=$2; mkdir -p "$out"',
    'for name in pulumi schema pulumi-resource-docker pulumi-resource-random; do cp "$0.program" "$out$name"; done',
  ].join("\n"),
): Promise<string> {
  const bin = join(folder, "fake");
  await mkdir(bin);
  const network = join(folder, "docker", "internal", "provider");
  await mkdir(network, { recursive: true });
  await writeFile(
    join(network, "resource_docker_network_funcs.go"),
    "networkReadRefreshDelay  = 2 * time.Second",
  );
  const go = join(bin, "go");
  await writeFile(
    go,
    [
      "#!/bin/sh",
      'case "$1 $2" in',
      "env*) printf 'go1.26.8\\nlocal\\n'; exit ;;",
      `"mod download") printf '{"Dir": "%s"}' "${join(folder, "docker")}"; exit ;;`,
      '"mod edit") exit ;;',
      "esac",
      build,
      "",
    ].join("\n"),
  );
  await writeFile(
    `${go}.program`,
    [
      "#!/bin/sh",
      'case "$(basename "$0")" in',
      'schema) mkdir -p "$4"; touch "$4/schema.json" "$4/Pulumi.yaml" ;;',
      'pulumi) echo "$1 $2 $3 $4 $5: $(ls "$7" | xargs)" >> "$FAKES/installed" ;;',
      "esac",
    ].join("\n"),
  );
  await chmod(go, 0o755);
  await chmod(`${go}.program`, 0o755);
  return bin;
}
