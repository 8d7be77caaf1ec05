/** Which image is wanted for each part: the official reference to pull, and the version to build. Pure. */

import type { StackConfigShape } from "../../config/schema.ts";
import { DEFAULT_VERSIONS } from "../../config/versions.ts";
import { UserError } from "../errors.ts";

export const PARTS = ["postgres", "ollama", "litellm"] as const;
export type Part = (typeof PARTS)[number];

type ImagesConfig = StackConfigShape["images"];

/** What the config asks for one part. */
export interface WantedImage {
  readonly part: Part;
  /** Reference to pull. */
  readonly pullRef: string;
  /** Version of the part that `pullRef` holds; an overriding image's tag where the config names no version. */
  readonly pullVersion: string;
  /** Version to build where nothing can be pulled; undefined when an image is named in full: that is only pulled. */
  readonly buildVersion: string | undefined;
  /** Address that answers when the official registry can be reached; undefined where only a pull can tell. */
  readonly probe: string | undefined;
}

/** The only PostgreSQL major: its data folder is of no use to another one. */
const POSTGRES_MAJOR = "16";

/** Each part's official place: registry name of references, path on a mirror, and its registry's own address. */
const OFFICIAL: Record<Part, { readonly name: string; readonly mirrored: string; readonly api: string }> = {
  postgres: { name: "postgres", mirrored: "library/postgres", api: "https://registry-1.docker.io/v2/" },
  ollama: { name: "ollama/ollama", mirrored: "ollama/ollama", api: "https://registry-1.docker.io/v2/" },
  litellm: { name: "ghcr.io/berriai/litellm", mirrored: "berriai/litellm", api: "https://ghcr.io/v2/" },
};

const DEFAULTS: Record<Part, { readonly pull: string; readonly build: string }> = {
  postgres: { pull: DEFAULT_VERSIONS.postgres, build: DEFAULT_VERSIONS.postgres },
  ollama: { pull: DEFAULT_VERSIONS.ollamaPulled, build: DEFAULT_VERSIONS.ollamaBuilt },
  litellm: { pull: DEFAULT_VERSIONS.litellm, build: DEFAULT_VERSIONS.litellm },
};

/**
 * The image that `images` asks for `part`.
 *
 * @throws {UserError} for a PostgreSQL of another major version than 16
 */
export function wantedImage(part: Part, images: ImagesConfig): WantedImage {
  const { version, image } = images[part];
  const wanted = image === undefined ? official(part, images) : overridden(part, image, version);
  if (part === "postgres") refuseOtherMajor(wanted, image === undefined ? "version" : "image");
  return wanted;
}

function official(part: Part, { registry, [part]: { version } }: ImagesConfig): WantedImage {
  const pullVersion = version ?? DEFAULTS[part].pull;
  const { name, mirrored, api } = OFFICIAL[part];
  return {
    part,
    pullRef: `${registry === undefined ? name : `${registry}/${mirrored}`}:${officialTag(part, pullVersion)}`,
    pullVersion,
    buildVersion: version ?? DEFAULTS[part].build,
    probe: registry === undefined ? api : undefined,
  };
}

function overridden(part: Part, image: string, version: string | undefined): WantedImage {
  return {
    part,
    pullRef: image,
    pullVersion: version ?? tagOf(image) ?? "unknown",
    buildVersion: undefined,
    probe: undefined,
  };
}

/** The tag under which a version is published. */
function officialTag(part: Part, version: string): string {
  if (part === "postgres") return `${version}-bookworm`;
  if (part === "litellm") return `main-v${version}-stable`;
  return version;
}

/** The tag of a reference: `16.14-bookworm` of `localhost:5000/library/postgres:16.14-bookworm`. */
function tagOf(reference: string): string | undefined {
  return /:([\w.-]+)$/.exec(reference.replace(/@sha256:.*$/, ""))?.[1];
}

function refuseOtherMajor(wanted: WantedImage, field: "version" | "image"): void {
  const major = /^\d+/.exec(wanted.pullVersion)?.[0];
  if (major === undefined || major === POSTGRES_MAJOR) return;
  throw new UserError(
    `\`images.postgres.${field}\`: PostgreSQL ${major} cannot read the data of PostgreSQL ${POSTGRES_MAJOR}; moving to another major version needs a dump and a restore. Use a version ${POSTGRES_MAJOR}.x.`,
  );
}
