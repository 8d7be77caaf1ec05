/** Every rule of the pack, in the order in which the README lists them. */

import type { Rule } from "../rule.ts";
import { imageRegistry } from "./image-registry.ts";
import { noPrivileged } from "./no-privileged.ts";
import { secretEnvsMarked } from "./secret-envs-marked.ts";

export const rules: readonly Rule[] = [noPrivileged, secretEnvsMarked, imageRegistry];
