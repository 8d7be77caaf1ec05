import { describe, expect, it } from "vitest";
import { baseRecipe } from "../../../../from-source/images/base.ts";
import { labels, recipe } from "../../../../from-source/images/recipe.ts";

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
