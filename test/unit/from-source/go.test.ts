import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../config/errors.ts";
import { goBuild, goFailure, goIsEnough } from "../../../from-source/go.ts";

describe("goIsEnough", () => {
  it.each([
    ["go1.25.8", "local", true],
    ["go1.26", "local", true],
    ["go1.26.8", "auto", true],
    ["go2.0", "local", true],
    ["go1.25.7", "local", false],
    ["go1.9", "auto", false],
  ])("judges %s with GOTOOLCHAIN=%s as %s", (version, toolchain, expected) => {
    expect(goIsEnough(version, toolchain, "1.25.8")).toBe(expected);
  });

  it("takes an old Go that fetches newer ones, from the release on that can", () => {
    expect(goIsEnough("go1.21.0", "auto", "1.25.8")).toBe(true);
    expect(goIsEnough("go1.21.0", "go1.21.0+auto", "1.25.8")).toBe(true);
    expect(goIsEnough("go1.20.14", "auto", "1.25.8")).toBe(false);
  });
});

describe("goFailure", () => {
  it("names the disk when it is full", () => {
    expect(goFailure("./pulumi", "compile: write b001: no space left on device")).toMatch(
      /^No disk space is left to build `\.\/pulumi`/,
    );
  });

  it.each([
    'go: example.org/x@v1.0.0: Get "https://proxy.example.org/x": dial tcp: lookup proxy.example.org: no such host',
    'go: x@v1: Get "https://proxy.example.org/x": dial tcp 10.0.0.1:443: i/o timeout',
    "go: x@v1: reading https://proxy.example.org/x/@v/v1.mod: 403 Forbidden",
    'go: x@v1: Get "https://proxy.example.org/x": tls: failed to verify certificate: x509: unknown authority',
  ])("names the module proxy when it cannot be used: %s", (stderr) => {
    expect(goFailure("./pulumi", stderr)).toBe(
      `Go could not fetch the modules of \`./pulumi\`: is the module proxy (\`go env GOPROXY\`) reachable? ${stderr}`,
    );
  });

  it("shows Go's last lines otherwise", () => {
    expect(goFailure("./pulumi", "1\n2\n3\n4\n5\n6\n")).toBe("`go build ./pulumi` failed: 2\n3\n4\n5\n6");
  });
});

describe("goBuild", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "llm-stack-go-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("never changes the module and tells the user what Go said", async () => {
    const go = join(folder, "go");
    await writeFile(go, '#!/bin/sh\necho "cgo=$CGO_ENABLED $*" >&2; exit 1\n');
    await chmod(go, 0o755);

    const build = {
      module: folder,
      packages: ["./a", "./b"],
      output: "out/",
      tags: ["t"],
      variables: { "m.V": "1" },
    };

    await expect(goBuild(go, build, {})).rejects.toThrow(
      new UserError(
        "`go build ./a ./b` failed: cgo=0 build -mod=readonly -buildvcs=false -trimpath -o out/ -ldflags -s -w -X m.V=1 -tags t ./a ./b",
      ),
    );
  });
});
