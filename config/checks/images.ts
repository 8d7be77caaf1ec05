/** The section `images`. */

import { splitReference } from "../image-reference.ts";
import type { StackConfigShape } from "../schema/stack.ts";
import { SERVICES } from "../services.ts";
import type { Report } from "./entries.ts";

/** Images: settings that contradict each other, and PostgreSQL of another major version. */
export function checkImages(images: StackConfigShape["images"], report: Report): void {
  if (images.registry !== undefined && images.source === "build")
    report("images.registry", "nothing is pulled with `images.source: build`; remove one of the two");
  for (const service of SERVICES) {
    const { image } = images[service];
    if (image === undefined) continue;
    const at = `images.${service}.image`;
    // On the mirror itself, an image that is pinned there says nothing else.
    if (images.registry !== undefined && !image.startsWith(`${images.registry}/`))
      report(
        at,
        "is used as it is, so that `images.registry` does not apply; write the mirror into it and remove the other",
      );
    if (images.source === "build")
      report(at, "nothing is pulled with `images.source: build`; remove one of the two");
  }

  const { image } = images.postgres;
  const tag = image === undefined ? undefined : /^\d+/.exec(splitReference(image).tag ?? "")?.[0];
  for (const [key, major] of [
    ["version", images.postgres.version?.split(".")[0]],
    ["image", tag],
  ] as const)
    if (major !== undefined && major !== "16")
      report(
        `images.postgres.${key}`,
        `PostgreSQL ${major} cannot read the data of PostgreSQL 16, and upgrades between them are not supported; use a 16 release`,
      );
}
