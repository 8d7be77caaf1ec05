/** Which image is wanted for each service: the official reference to pull, and the version to build. Pure. */

import { UserError } from "../../config/errors.ts";
import { splitReference } from "../../config/image-reference.ts";
import type { StackConfigShape } from "../../config/schema/stack.ts";
import type { Service } from "../../config/services.ts";
import { DEFAULT_VERSIONS } from "../../config/versions.ts";
import { officialTag, versionInOfficialTag } from "../../litellm/versions.ts";

type ImagesConfig = StackConfigShape["images"];

/** What the config asks for one service. */
export interface WantedImage {
  readonly service: Service;
  /** Reference to pull. */
  readonly pullRef: string;
  /** Version of the service in `pullRef`; of an image named in full, by its tag where the config names none. */
  readonly pullVersion: string;
  /** Version to build where nothing can be pulled; undefined when an image is named in full: that is only pulled. */
  readonly buildVersion: string | undefined;
  /** Address that answers when the official registry can be reached; undefined where only a pull shows it. */
  readonly probe: string | undefined;
}

/** The only PostgreSQL major: its data folder is of no use to another one. */
const POSTGRES_MAJOR = "16";

/** Each service's official place: registry name of references, path on a mirror, and its registry's own address. */
const OFFICIAL: Record<Service, { readonly name: string; readonly mirrored: string; readonly api: string }> =
  {
    postgres: { name: "postgres", mirrored: "library/postgres", api: "https://registry-1.docker.io/v2/" },
    ollama: { name: "ollama/ollama", mirrored: "ollama/ollama", api: "https://registry-1.docker.io/v2/" },
    litellm: { name: "ghcr.io/berriai/litellm", mirrored: "berriai/litellm", api: "https://ghcr.io/v2/" },
  };

const DEFAULTS: Record<Service, { readonly pull: string; readonly build: string }> = {
  postgres: { pull: DEFAULT_VERSIONS.postgres, build: DEFAULT_VERSIONS.postgres },
  ollama: { pull: DEFAULT_VERSIONS.ollamaPulled, build: DEFAULT_VERSIONS.ollamaBuilt },
  litellm: { pull: DEFAULT_VERSIONS.litellm, build: DEFAULT_VERSIONS.litellm },
};

/** The tag under which each service's makers publish a version, and the version of such a tag. */
const TAGS: Record<
  Service,
  { readonly of: (version: string) => string; readonly version: (tag: string) => string | undefined }
> = {
  postgres: {
    of: (version) => `${version}-bookworm`,
    version: (tag) => /^(\d+(?:\.\d+){1,2})-bookworm$/.exec(tag)?.[1],
  },
  ollama: { of: (version) => version, version: (tag) => /^\d+(?:\.\d+){1,2}$/.exec(tag)?.[0] },
  litellm: { of: officialTag, version: versionInOfficialTag },
};

/**
 * The image that `images` asks for `service`.
 *
 * @throws {UserError} for a PostgreSQL of another major version than 16, and for an official image, named in full,
 * whose tag is of another version than `version`
 */
export function wantedImage(service: Service, images: ImagesConfig): WantedImage {
  const { image } = images[service];
  const wanted = image === undefined ? official(service, images) : overridden(service, image, images);
  if (service === "postgres") refuseOtherMajor(wanted, image === undefined ? "version" : "image");
  return wanted;
}

function official(service: Service, { registry, [service]: { version } }: ImagesConfig): WantedImage {
  const pullVersion = version ?? DEFAULTS[service].pull;
  const { name, mirrored, api } = OFFICIAL[service];
  return {
    service,
    pullRef: `${registry === undefined ? name : `${registry}/${mirrored}`}:${TAGS[service].of(pullVersion)}`,
    pullVersion,
    buildVersion: version ?? DEFAULTS[service].build,
    probe: registry === undefined ? api : undefined,
  };
}

function overridden(service: Service, image: string, images: ImagesConfig): WantedImage {
  const { version } = images[service];
  const { name, tag } = splitReference(image);
  const tagged = tag === undefined ? undefined : TAGS[service].version(tag);
  if (contradicts(service, name, tag, images)) {
    throw new UserError(
      `\`images.${service}\`: \`version\` is ${version}, and \`image\` is of ${tagged}. \`npm run pin\` moves \`image\` to \`version\`; or remove one of the two.`,
    );
  }
  return {
    service,
    pullRef: image,
    pullVersion: version ?? tagged ?? tag ?? "unknown",
    buildVersion: undefined,
    probe: undefined,
  };
}

/** What `npm run pin` looks up for one service. */
export interface PinTarget {
  readonly service: Service;
  /** Name and tag, whose digest is asked for; undefined for an image that is named by a digest alone. */
  readonly tagged: string | undefined;
  /** The reference in the config, when it holds a digest. */
  readonly pinned: string | undefined;
}

/**
 * The tag that is pinned for `service`: of the image that the config names in full, else of the official one. A
 * `version` decides over the tag of an official image, so that a pinned stack moves by its `version`.
 */
export function pinTarget(service: Service, images: ImagesConfig): PinTarget {
  const { image, version } = images[service];
  if (image === undefined) return { service, tagged: official(service, images).pullRef, pinned: undefined };
  const { name, tag, digest } = splitReference(image);
  const pinned = digest === undefined ? undefined : image;
  if (version !== undefined && contradicts(service, name, tag, images))
    return { service, tagged: `${name}:${TAGS[service].of(version)}`, pinned };
  if (tag === undefined && digest !== undefined) return { service, tagged: undefined, pinned };
  return { service, tagged: `${name}:${tag ?? "latest"}`, pinned };
}

/** Whether the tag of an official image that is named in full is of another version than `version`. */
function contradicts(service: Service, name: string, tag: string | undefined, images: ImagesConfig): boolean {
  const { version } = images[service];
  const tagged = tag === undefined ? undefined : TAGS[service].version(tag);
  return (
    version !== undefined && tagged !== undefined && tagged !== version && isOfficial(service, name, images)
  );
}

/** Whether `name` is the service's own place, at its makers' registry or on the config's mirror. */
function isOfficial(service: Service, name: string, { registry }: ImagesConfig): boolean {
  const { name: official, mirrored } = OFFICIAL[service];
  return name === official || (registry !== undefined && name === `${registry}/${mirrored}`);
}

function refuseOtherMajor(wanted: WantedImage, field: "version" | "image"): void {
  const major = /^\d+/.exec(wanted.pullVersion)?.[0];
  if (major === undefined || major === POSTGRES_MAJOR) return;
  throw new UserError(
    `\`images.postgres.${field}\`: PostgreSQL ${major} cannot read the data of PostgreSQL ${POSTGRES_MAJOR}; moving to another major version needs a dump and a restore. Use a version ${POSTGRES_MAJOR}.x.`,
  );
}
