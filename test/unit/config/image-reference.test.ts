import { expect, it } from "vitest";
import { registryOf, splitReference } from "../../../config/image-reference.ts";

const digest = `sha256:${"9".repeat(64)}`;

it.each([
  ["postgres", "postgres", undefined, undefined],
  ["localhost:5000/postgres", "localhost:5000/postgres", undefined, undefined],
  ["localhost:5000/library/postgres:16", "localhost:5000/library/postgres", "16", undefined],
  [`postgres:16.14-bookworm@${digest}`, "postgres", "16.14-bookworm", digest],
  [`localhost:5000/postgres@${digest}`, "localhost:5000/postgres", undefined, digest],
])("%s is taken apart", (reference, name, tag, held) => {
  expect(splitReference(reference)).toEqual({ name, tag, digest: held });
});

it.each([
  ["postgres", "docker.io"],
  ["ollama/ollama", "docker.io"],
  ["ghcr.io/berriai/litellm", "ghcr.io"],
  ["localhost/litellm", "localhost"],
  ["mirror:5000/litellm", "mirror:5000"],
])("%s comes from %s", (name, registry) => expect(registryOf(name)).toBe(registry));
