/** The parts of an image reference. Pure. */

/** `localhost:5000/library/postgres:16.14-bookworm@sha256:…` taken apart. */
export interface ImageReference {
  /** With its registry: `localhost:5000/library/postgres`. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/** Takes a reference apart; the config's schema has checked its form. */
export function splitReference(reference: string): ImageReference {
  const [tagged = "", digest] = reference.split("@");
  const tag = /:([\w.-]+)$/.exec(tagged)?.[1]; // A port is followed by a slash.
  return { name: tag === undefined ? tagged : tagged.slice(0, -tag.length - 1), tag, digest };
}

/** The registry of a reference's name, told from a user's name as Docker does: by a dot, a port, or `localhost`. */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
