/** Which image a container runs, even where it holds only the image's id. */

import { type ImageReference, splitReference } from "../config/image-reference.ts";
import { BUILT_IMAGE, type Container, REMOTE_IMAGE, type Resource } from "./resource.ts";
import { elements, known } from "./unknown.ts";

/** What is known of a container's image. */
export interface RunningImage {
  /** Undefined when nothing in the stack says what the container's id or digest stands for. */
  readonly reference: ImageReference | undefined;
  /** Whether it is the same image for good: an id or a digest, not a tag that may move. */
  readonly pinned: boolean;
}

/** Label with the reference of a container's image, for stacks that hold no image resource. */
export const IMAGE_LABEL = "llm-stack.image";

const ID = /^(sha256:)?[0-9a-f]{64}$/;

/** The parts of what a container holds for its image; undefined for an image id. */
function parseReference(text: string): ImageReference | undefined {
  return ID.test(text) ? undefined : splitReference(text);
}

/** A container's image, by the first of {@link referencesOf} that has a tag. */
export function imageOf(container: Container, resources: readonly Resource[]): RunningImage {
  const references = referencesOf(container, resources);
  const held = known(() => container.props.image);
  const own = held === undefined ? undefined : parseReference(held);
  return {
    reference: references.find(({ tag }) => tag !== undefined) ?? references[0],
    // An id that a preview does not know yet comes from an image resource: whether as an id is not known either.
    pinned:
      held === undefined
        ? sourceOf(container, resources) !== undefined
        : own === undefined || own.digest !== undefined,
  };
}

/**
 * What says which image a container runs, best first: the reference that it holds; that of the image resource that its
 * id or digest came from, or that has it; its label {@link IMAGE_LABEL}. An image of which a preview knows nothing throws.
 */
export function referencesOf(container: Container, resources: readonly Resource[]): ImageReference[] {
  const { props } = container;
  const source = sourceOf(container, resources);
  const label = elements(known(() => props.labels)).find(
    (entry) => known(() => entry?.label) === IMAGE_LABEL,
  );
  const references = [known(() => props.image), source && nameOf(source), known(() => label?.value)].flatMap(
    (text) => (text && parseReference(text)) || [],
  );
  if (references.length === 0) {
    void props.image;
    for (const each of props.labels ?? []) if (each.label === IMAGE_LABEL) void each.value;
  }
  return references;
}

/** The image resource that a container's image came from. */
function sourceOf(container: Container, resources: readonly Resource[]): Resource | undefined {
  const held = known(() => container.props.image);
  return resources.find(
    (image) =>
      (image.type === REMOTE_IMAGE || image.type === BUILT_IMAGE) &&
      (container.from.image?.includes(image.urn) || (held !== undefined && idsOf(image).includes(held))),
  );
}

/** The reference that an image resource was asked for. */
function nameOf({ props }: Resource): string | undefined {
  return known(() => props.name as string | undefined) ?? known(() => props.imageName as string | undefined);
}

/** Under what an image resource's outputs are held by containers. */
function idsOf({ outputs }: Resource): unknown[] {
  return ["imageId", "repoDigest"].map((output) => known(() => outputs[output])).filter(Boolean);
}

/** The version in a tag: `1.73.0` of `main-v1.73.0-stable`; undefined where it holds none, as `3e5f12a` (a commit). */
export function versionOf(tag: string | undefined): string | undefined {
  return /(?:^|[^a-zA-Z0-9.])v?(\d+(?:\.\d+)*)(?=$|[^a-zA-Z0-9]|(?:a|b|rc|alpha|beta|dev|p)\d*(?:$|[^a-zA-Z0-9]))/.exec(
    tag ?? "",
  )?.[1];
}
