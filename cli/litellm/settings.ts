/** Settings of LiteLLM as they are compared: declared, in its database, in the running proxy. */

import { same } from "../../provider/values.ts";

/** Settings by section of LiteLLM's config and name. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Sections of LiteLLM's config that its database may hold too. */
export const SECTIONS = ["router_settings", "litellm_settings", "general_settings"];

/** Whether Python takes a value for `False`, and so LiteLLM for "not set". */
export function isEmpty(value: unknown): boolean {
  return !value || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Whether two values mean the same: numbers may come as texts, and nothing as `null` or an empty list. */
export function sameSetting(a: unknown, b: unknown): boolean {
  if (typeof a === "object" || typeof b === "object") return (isEmpty(a) && isEmpty(b)) || same(a, b);
  return String(a) === String(b);
}
