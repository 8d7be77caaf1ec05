/** Reads the scripts that run inside the containers. */

import { readFileSync } from "node:fs";

/** The text of `infra/scripts/<name>`. */
export function script(name: string): string {
  return readFileSync(new URL(`./scripts/${name}`, import.meta.url), "utf8");
}
