/** Which image a container runs, told even where it holds only the image's id. */

import { BUILT_IMAGE, elements, REMOTE_IMAGE } from "./docker.ts";
import type { Container, Resource } from "./rule.ts";
import { known } from "./unknown.ts";

/** The parts of a reference such as `ghcr.io/berriai/litellm:main-v1.73.0-stable@sha256:…`. */
export interface Reference {
  /** `docker.io` where the reference names none. */
  readonly registry: string;
  /** `library/postgres` for `postgres`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** What is known of a container's image. */
export interface RunningImage {
  /** Undefined when nothing in the stack tells what the container's id or digest stands for. */
  readonly reference: Reference | undefined;
  /** Whether it is the same image for good: an id or a digest, not a tag that may move. */
  readonly pinned: boolean;
}

/** Label by which a container tells the reference of its image, for stacks that hold no image resource. */
export const IMAGE_LABEL = "llm-stack.image";

const ID = /^(sha256:)?[0-9a-f]{64}$/;

/** The parts of an image reference; undefined for an image id. */
export function parseReference(text: string): Reference | undefined {
  if (ID.test(text)) return undefined;
  const [name = "", digest] = text.split("@");
  const tag = /:([\w][\w.-]*)$/.exec(name)?.[1];
  const path = tag === undefined ? name : name.slice(0, -tag.length - 1);
  const [first = "", ...rest] = path.split("/");
  // As Docker tells a registry from a user name: it has a dot or a port, or is `localhost`.
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first : "docker.io";
  const repository = hasRegistry ? rest.join("/") : path;
  return {
    registry,
    repository: registry === "docker.io" && !repository.includes("/") ? `library/${repository}` : repository,
    tag,
    digest,
  };
}

/**
 * Finds a container's image: by the reference that it holds; by the image resource that its id or digest came from, or
 * that has it; by its label {@link IMAGE_LABEL}. A version is taken from the first of them that has a tag.
 */
export function imageOf(container: Container, resources: readonly Resource[]): RunningImage {
  const held = known(() => container.props.image);
  const images = resources.filter(({ type }) => type === REMOTE_IMAGE || type === BUILT_IMAGE);
  const source = images.find(
    (image) =>
      container.from.image?.includes(image.urn) || (held !== undefined && idsOf(image).includes(held)),
  );
  const label = elements(container.props.labels).find((entry) => entry?.label === IMAGE_LABEL)?.value;
  const own = held === undefined ? undefined : parseReference(held);
  const references = [own, parse(source && nameOf(source)), parse(label)].filter(
    (reference) => reference !== undefined,
  );
  return {
    reference: references.find(({ tag }) => tag !== undefined) ?? references[0],
    // An id that a preview does not know yet comes from an image resource: whether as an id is not known either.
    pinned: held === undefined ? source !== undefined : own === undefined || own.digest !== undefined,
  };
}

const parse = (text: string | undefined) => (text === undefined ? undefined : parseReference(text));

/** The reference that an image resource was asked for. */
function nameOf({ props }: Resource): string | undefined {
  return known(() => props.name as string | undefined) ?? known(() => props.imageName as string | undefined);
}

/** Under what an image resource's outputs are held by containers. */
function idsOf({ outputs }: Resource): unknown[] {
  return ["imageId", "repoDigest"].map((output) => known(() => outputs[output])).filter(Boolean);
}

/** The version in a tag: `1.73.0` of `main-v1.73.0-stable`; undefined where it holds none. */
export function versionOf(tag: string | undefined): string | undefined {
  return tag === undefined ? undefined : /(?:^|[^a-zA-Z0-9.])v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
}

/** Negative when version `a` precedes `b`; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
