import { expect, it } from "vitest";
import { splitReference } from "../../../config/image-reference.ts";

const digest = `sha256:${"9".repeat(64)}`;

it.each([
  ["nginx", "nginx", "docker.io", "library/nginx", undefined, undefined],
  ["nginx:1.27.3", "nginx", "docker.io", "library/nginx", "1.27.3", undefined],
  ["someone/web:1", "someone/web", "docker.io", "someone/web", "1", undefined],
  ["docker.io/library/nginx:1", "docker.io/library/nginx", "docker.io", "library/nginx", "1", undefined],
  ["docker.io/nginx:1", "docker.io/nginx", "docker.io", "library/nginx", "1", undefined],
  ["localhost/web:1", "localhost/web", "localhost", "web", "1", undefined],
  ["localhost:5000/web", "localhost:5000/web", "localhost:5000", "web", undefined, undefined],
  ["mirror:5000/library/web:16", "mirror:5000/library/web", "mirror:5000", "library/web", "16", undefined],
  ["ghcr.io/a/b/c:main-v1", "ghcr.io/a/b/c", "ghcr.io", "a/b/c", "main-v1", undefined],
  [`quay.io/a/b:1@${digest}`, "quay.io/a/b", "quay.io", "a/b", "1", digest],
  [`nginx@${digest}`, "nginx", "docker.io", "library/nginx", undefined, digest],
  [`localhost:5000/web@${digest}`, "localhost:5000/web", "localhost:5000", "web", undefined, digest],
])("%s is taken apart", (reference, name, registry, repository, tag, held) => {
  expect(splitReference(reference)).toEqual({ name, registry, repository, tag, digest: held });
});
