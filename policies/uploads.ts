/** Files that a container is given. */

import type { ContainerInputs } from "./resource.ts";

export type Upload = NonNullable<ContainerInputs["uploads"]>[number];

/** What a file holds; undefined for one that is copied from this machine (`source`), which rules do not read. */
export function textOfUpload({ content, contentBase64 }: Upload): string | undefined {
  if (content) return content;
  return contentBase64 ? Buffer.from(contentBase64, "base64").toString("utf8") : undefined;
}
