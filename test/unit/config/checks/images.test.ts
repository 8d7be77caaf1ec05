import { expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

it.each<[string, Record<string, unknown>, string]>([
  [
    "a mirror with an image of its own",
    { images: { registry: "mirror.example", ollama: { image: "ollama/ollama:0.17.1" } } },
    "`images.ollama.image`: is used as it is, so that `images.registry` does not apply; write the mirror into it and remove the other",
  ],
  [
    "a mirror where everything is built",
    { images: { registry: "mirror.example", source: "build" } },
    "`images.registry`: nothing is pulled with `images.source: build`; remove one of the two",
  ],
  [
    "an image where everything is built",
    { images: { source: "build", ollama: { image: "ollama/ollama:0.17.1" } } },
    "`images.ollama.image`: nothing is pulled with `images.source: build`; remove one of the two",
  ],
  [
    "another major version of PostgreSQL",
    { images: { postgres: { version: "17.1" } } },
    "`images.postgres.version`: PostgreSQL 17 cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release",
  ],
  [
    "an image of another major version of PostgreSQL",
    { images: { postgres: { image: "mirror.example:5000/library/postgres:15-alpine" } } },
    "`images.postgres.image`: PostgreSQL 15 cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release",
  ],
])("a problem is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});

it("takes no digest for the major version of PostgreSQL", () => {
  const image = `localhost:5000/postgres@sha256:${"9".repeat(64)}`;
  expect(problemsOf({ images: { postgres: { image } } })).toEqual([]);
});

it("lets an image be pinned on the mirror that the config names", () => {
  const image = `mirror.example:5000/ollama/ollama:0.17.1@sha256:${"9".repeat(64)}`;
  expect(problemsOf({ images: { registry: "mirror.example:5000", ollama: { image } } })).toEqual([]);
});
