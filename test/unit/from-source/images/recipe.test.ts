import { describe, expect, it } from "vitest";
import { baseRecipe, debianMirror } from "../../../../from-source/images/base.ts";
import { prismaVersion } from "../../../../from-source/images/litellm/build.ts";
import { compilerFlags, goBuildsOllama } from "../../../../from-source/images/ollama/build.ts";
import { labels, recipe } from "../../../../from-source/images/recipe.ts";
import { wheelPlatforms } from "../../../../from-source/packages.ts";

describe("a built image", () => {
  it("is named by its service, version and recipe below the reserved prefix", () => {
    expect(recipe("postgres", "16.14", { base: "x" }).ref).toMatch(
      /^llm-stack\.local\/postgres:16\.14-[0-9a-f]{8}$/,
    );
  });

  it("has another name when anything that decides its content differs", () => {
    const one = recipe("ollama", "0.9.6", { flags: "-O3" });
    expect(recipe("ollama", "0.9.6", { flags: "-O3" })).toEqual(one);
    expect(recipe("ollama", "0.9.6", { flags: "-O3 -mavx2" }).hash).not.toBe(one.hash);
    expect(baseRecipe("amd64").hash).not.toBe(baseRecipe("arm64").hash);
  });

  it("says in its labels what it is and that it was built here", () => {
    const made = recipe("litellm", "1.73.0", {});
    expect(labels(made, "LiteLLM")).toEqual({
      "org.opencontainers.image.title": "LiteLLM",
      "org.opencontainers.image.version": "1.73.0",
      "llm-stack.service": "litellm",
      "llm-stack.recipe": made.hash,
      "llm-stack.source": "built",
    });
  });
});

describe("the compiler flags for Ollama", () => {
  it("use the processor's vector units when it has all of them", () => {
    const cpuinfo = "processor\t: 0\nflags\t\t: fpu sse4_2 fma f16c avx avx2 bmi1 bmi2\nbugs\t\t: none\n";
    expect(compilerFlags(cpuinfo)).toBe("-O3 -mavx2 -mfma -mf16c -mbmi2");
  });

  it("are plain when the processor lacks one of them or says nothing", () => {
    expect(compilerFlags("flags\t\t: fpu fma f16c avx2 bmi1\n")).toBe("-O3");
    expect(compilerFlags("Features\t: fp asimd\n")).toBe("-O3");
  });

  it("exist only for versions that Go builds alone", () => {
    expect(["0.9.6", "0.9.0", "0.10.0", "0.17.1", "1.0.0"].filter(goBuildsOllama)).toEqual([
      "0.9.6",
      "0.9.0",
    ]);
  });
});

describe("the Debian mirror", () => {
  it("is the one of the host's apt, in either format", () => {
    const deb822 =
      "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n";
    const line = "# comment\ndeb [signed-by=/k.gpg] https://mirror.example/debian bookworm main\n";
    expect(debianMirror([deb822])).toBe("http://mirror.example/debian");
    expect(debianMirror([line])).toBe("https://mirror.example/debian");
  });

  it("is not one of other suites, disabled, or of a kind that debootstrap does not know", () => {
    const others = [
      "Types: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main\n",
      "Types: deb\nEnabled: no\nURIs: http://mirror.example/off\nSuites: bookworm\n",
      "deb http://mirror.example/ubuntu noble main\ndeb mirror+file:/etc/apt/mirrors bookworm main\n",
    ];
    expect(debianMirror(others)).toBe("http://deb.debian.org/debian");
    expect(debianMirror([])).toBe("http://deb.debian.org/debian");
  });
});

describe("what is fetched for an image", () => {
  it("is wheels that Debian 12's C library can run, newest first", () => {
    const platforms = wheelPlatforms("arm64");
    expect(platforms[0]).toBe("manylinux_2_36_aarch64");
    expect(platforms).toContain("manylinux_2_17_aarch64");
    expect(platforms).toContain("manylinux2014_aarch64");
    expect(platforms).not.toContain("manylinux_2_37_aarch64");
  });

  it("is the Prisma that the installed client asks for", () => {
    const config =
      "    prisma_version: str = Field(\n        env='PRISMA_VERSION',\n        default='5.17.0',\n    )\n";
    expect(prismaVersion(config)).toBe("5.17.0");
    expect(prismaVersion("nothing")).toBeUndefined();
  });
});
