import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

describe("image references", () => {
  it.each([
    "postgres",
    "postgres:16.14-bookworm",
    "ghcr.io/berriai/litellm:main-v1.73.0-stable",
    "mirror.example:5000/library/postgres:16",
    "ollama/ollama@sha256:".padEnd("ollama/ollama@sha256:".length + 64, "0"),
  ])("accepts `%s`", (image) => expect(problemsOf({ images: { litellm: { image } } })).toEqual([]));

  it.each([
    "",
    "Postgres",
    "a//b",
    "a:",
    "a:b:c",
    "https://a/b",
    "a@sha256:0",
    "a b",
  ])("refuses `%s`", (image) => expect(problemsOf({ images: { litellm: { image } } })).toHaveLength(1));
});
