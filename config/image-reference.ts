/** The parts of an image reference. Pure. */

/** `localhost:5000/library/postgres:16.14-bookworm@sha256:…` taken apart. */
export interface ImageReference {
  /** As the reference has it, with its registry: `localhost:5000/library/postgres`. */
  readonly name: string;
  /** `docker.io` where the reference names none. */
  readonly registry: string;
  /** Path in the registry: `library/postgres`, of `postgres` too. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/** Takes a reference apart. It must be one: an image id would be taken for a name. */
export function splitReference(reference: string): ImageReference {
  const [tagged = "", digest] = reference.split("@");
  const tag = /:(\w[\w.-]*)$/.exec(tagged)?.[1]; // A port is followed by a slash.
  const name = tag === undefined ? tagged : tagged.slice(0, -tag.length - 1);
  const [first = "", ...rest] = name.split("/");
  // As Docker tells a registry from a user name: it has a dot or a port, or is `localhost`.
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first : "docker.io";
  const path = hasRegistry ? rest.join("/") : name;
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  return { name, registry, repository, tag, digest };
}
