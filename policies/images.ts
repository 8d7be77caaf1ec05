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

/** What says which image a container runs. */
export interface References {
  /** The reference that the container holds; that of the image resource which its id or digest is of. */
  readonly certain: readonly ImageReference[];
  /** What the label {@link IMAGE_LABEL} says. Whoever writes a container writes its labels: it only ever adds objections. */
  readonly claimed: ImageReference | undefined;
}

/** Label with the reference of a container's image, for stacks that hold no image resource. */
export const IMAGE_LABEL = "llm-stack.image";

/** An id, or the beginning of one, which Docker takes too. */
const ID = /^(sha256:[0-9a-f]{1,64}|[0-9a-f]{64})$/;

/** The parts of what a container holds for its image; undefined for an image id. */
function parseReference(text: string): ImageReference | undefined {
  return ID.test(text) ? undefined : splitReference(text);
}

/** A container's image, by the first of what is certain that has a tag. */
export function imageOf(container: Container, resources: readonly Resource[]): RunningImage {
  const { certain } = referencesOf(container, resources);
  const held = known(() => container.props.image);
  const own = held === undefined ? undefined : parseReference(held);
  return {
    reference: certain.find(({ tag }) => tag !== undefined) ?? certain[0],
    // An id that a preview does not know yet comes from an image resource: whether as an id is not known either.
    pinned:
      held === undefined
        ? sourceOf(container, resources) !== undefined
        : own === undefined || own.digest !== undefined,
  };
}

/** What says which image a container runs. An image of which a preview knows nothing throws. */
export function referencesOf(container: Container, resources: readonly Resource[]): References {
  const { props } = container;
  const source = sourceOf(container, resources);
  const certain = [known(() => props.image), source && nameOf(source)].flatMap(
    (text) => (text && parseReference(text)) || [],
  );
  if (certain.length === 0) void props.image;
  const label = elements(known(() => props.labels)).find(
    (entry) => known(() => entry?.label) === IMAGE_LABEL,
  );
  const text = known(() => label?.value);
  return { certain, claimed: text ? parseReference(text) : undefined };
}

/**
 * The image resource that a container's image is of: the one that has the id or digest which the container holds. While
 * a preview knows either not yet, the one that the argument came from.
 */
function sourceOf(container: Container, resources: readonly Resource[]): Resource | undefined {
  const held = known(() => container.props.image);
  const images = resources.filter(({ type }) => type === REMOTE_IMAGE || type === BUILT_IMAGE);
  const cameFrom = (image: Resource) => container.from.image?.includes(image.urn) === true;
  if (held === undefined) return images.find(cameFrom);
  return (
    images.find((image) => idsOf(image).includes(held)) ??
    images.find((image) => cameFrom(image) && !hasKnownIds(image))
  );
}

/** The reference that an image resource was asked for. */
function nameOf({ props }: Resource): string | undefined {
  return known(() => props.name as string | undefined) ?? known(() => props.imageName as string | undefined);
}

const IDS = ["imageId", "repoDigest"];

/** Under what an image resource's outputs are held by containers. */
function idsOf({ outputs }: Resource): unknown[] {
  return IDS.map((output) => known(() => outputs[output])).filter(Boolean);
}

/** Whether it is known which ids an image resource has: another id is then not its own. */
function hasKnownIds(image: Resource): boolean {
  return known(() => IDS.map((output) => image.outputs[output])) !== undefined && idsOf(image).length > 0;
}

/** The version in a tag: `1.73.0` of `main-v1.73.0-stable`; undefined where it holds none, as `3e5f12a` (a commit). */
export function versionOf(tag: string | undefined): string | undefined {
  return /(?:^|[^a-zA-Z0-9.])v?(\d+(?:\.\d+)*)(?=$|[^a-zA-Z0-9]|(?:a|b|rc|alpha|beta|dev|p)\d*(?:$|[^a-zA-Z0-9]))/.exec(
    tag ?? "",
  )?.[1];
}
