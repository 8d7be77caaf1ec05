/** LiteLLM's virtual keys. */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { LiteLlmApi } from "./client.ts";
import { checkedAnswer } from "./errors.ts";

/** LiteLLM's id of a key: it stores a hash, never the value (1.73.0: proxy/utils.py, hash_token). */
export const tokenOf = (value: string) => createHash("sha256").update(value).digest("hex");

/** LiteLLM's id of the master key in its figures, besides its hash. */
export const MASTER_KEY_ID = "litellm_proxy_master_key";

/** The team of LiteLLM's own keys, one for each session in the web UI. */
export const UI_TEAM = "litellm-dashboard";

/** A key as LiteLLM lists it. */
export interface LiveKey {
  /** See {@link tokenOf}. */
  readonly token: string;
  readonly key_alias?: string | null;
  /** LiteLLM's masked name, such as `sk-...aB_9`. */
  readonly key_name?: string | null;
  readonly team_id?: string | null;
}

const text = z.string().nullish();
const listSchema = z.object({
  keys: z.array(z.object({ token: z.string(), key_alias: text, key_name: text, team_id: text })),
  total_pages: z.number(),
});

/** Every virtual key. LiteLLM 1.73.0 lists at most 100 at once (key_management_endpoints.py, list_keys). */
export async function liveKeys(api: Pick<LiteLlmApi, "get">): Promise<LiveKey[]> {
  const keys: LiveKey[] = [];
  for (let page = 1; ; page++) {
    const query = { return_full_object: "true", size: "100", page: String(page) };
    const found = checkedAnswer("GET /key/list", listSchema, await api.get("/key/list", query));
    keys.push(...found.keys);
    if (page >= found.total_pages) return keys;
  }
}
