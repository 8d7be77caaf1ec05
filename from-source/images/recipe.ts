/** Names and labels of built images. Pure but for the files that a recipe names. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILT_IMAGE_PREFIX } from "../../config/versions.ts";

/** A built image's name: everything that decides what is in it is in its tag. */
export interface Recipe {
  /** Such as `llm-stack.local/postgres:16.14-0123abcd`. */
  readonly ref: string;
  /** First eight hexadecimal digits of the SHA-256 of the recipe's inputs. */
  readonly hash: string;
  readonly service: string;
  readonly version: string;
}

/** @param inputs all that decides the content: Dockerfile, versions, compiler flags, base image … */
export function recipe(service: string, version: string, inputs: Readonly<Record<string, unknown>>): Recipe {
  const hash = createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 8);
  return { service, version, hash, ref: `${BUILT_IMAGE_PREFIX}/${service}:${version}-${hash}` };
}

/** Labels of a built image. */
export function labels({ service, version, hash }: Recipe, title: string): Record<string, string> {
  return {
    "org.opencontainers.image.title": title,
    "org.opencontainers.image.version": version,
    "llm-stack.service": service,
    "llm-stack.recipe": hash,
    "llm-stack.source": "built",
  };
}

/** Start of a hash over names and contents of files below `folder`, in whatever order they are named. */
export function hashOfFiles(folder: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(folder, file)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 8);
}
