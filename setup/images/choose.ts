/** Whether an image is pulled or built. Pure. */

import type { PreparedImage } from "../../config/prepared.ts";
import type { StackConfigShape } from "../../config/schema/stack.ts";
import type { WantedImage } from "./references.ts";

/** What to do for one service; `pull, else build` asks the registry first. */
export type Choice = "take pulled" | "pull" | "build" | "pull, else build";

/**
 * Decides for one service. With `auto`, an image taken before for the same version stays the choice as long as the
 * engine holds it, so that a stack does not change when the network comes and goes.
 *
 * @param previous what was taken last time for this stack
 * @param held references that the engine holds
 */
export function choose(
  wanted: WantedImage,
  source: StackConfigShape["images"]["source"],
  previous: PreparedImage | undefined,
  held: ReadonlySet<string>,
): Choice {
  const pulled = held.has(wanted.pullRef);
  if (source === "pull" || wanted.buildVersion === undefined) return pulled ? "take pulled" : "pull";
  if (source === "build") return "build";
  if (previous?.source === "built" && previous.version === wanted.buildVersion && held.has(previous.ref))
    return "build";
  return pulled ? "take pulled" : "pull, else build";
}
