/** LiteLLM's daily figures: what was spent, by key, by model and by day. */

import { z } from "zod";
import type { LiteLlmApi } from "./client.ts";
import { checkedAnswer } from "./errors.ts";

/** Days as `2026-01-31`, in UTC as LiteLLM counts them, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** LiteLLM's sums of some requests. */
export interface Metrics {
  readonly metrics: {
    /** US dollars. */
    readonly spend: number;
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly api_requests: number;
    /** Those of the requests that failed. */
    readonly failed_requests: number;
  };
}

/** One day of LiteLLM's `/user/daily/activity`. */
export interface ActivityDay extends Metrics {
  readonly date: string;
  readonly breakdown: {
    readonly models?: Readonly<Record<string, Metrics>>;
    /** By the name that clients ask for; later versions only. */
    readonly model_groups?: Readonly<Record<string, Metrics>>;
    /** By LiteLLM's id of the key. */
    readonly api_keys?: Readonly<
      Record<
        string,
        Metrics & {
          readonly metadata?: { readonly key_alias?: string | null; readonly team_id?: string | null };
        }
      >
    >;
  };
}

interface ActivityPage {
  readonly results: readonly ActivityDay[];
  readonly metadata: { readonly has_more?: boolean; readonly total_pages?: number };
}

const object = <T>() => z.custom<T>((value) => typeof value === "object" && value !== null, "is missing");
/** As far as a page of something else can be told from LiteLLM's. */
const pageSchema = z.object({
  results: z.array(
    z.object({
      date: z.string(),
      metrics: object<Metrics["metrics"]>(),
      breakdown: object<ActivityDay["breakdown"]>(),
    }),
  ),
  metadata: object<ActivityPage["metadata"]>(),
});

const DAY = 24 * 60 * 60 * 1000;
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The last `days` days until `now`. */
export function lastDays(days: number, now: Date): Period {
  return { from: dateOf(now.getTime() - (days - 1) * DAY), to: dateOf(now.getTime()) };
}

/** The most rows that LiteLLM gives at once. A row is one key's use of one model on one day. */
const PAGE_SIZE = "1000";

/**
 * Every day's activity. Within a day, LiteLLM's rows come in no certain order (1.73.0: common_daily_activity.py), so
 * that pages may overlap: a period that does not fit into one page is asked in halves.
 */
export async function dailyActivity(api: Pick<LiteLlmApi, "get">, period: Period): Promise<ActivityDay[]> {
  const ask = async (page: number) => {
    const query = { start_date: period.from, end_date: period.to, page: String(page), page_size: PAGE_SIZE };
    const path = "/user/daily/activity";
    return checkedAnswer(`GET ${path}`, pageSchema, await api.get(path, query));
  };
  const first = await ask(1);
  if (!first.metadata.has_more) return [...first.results];
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  if (from < to) {
    const middle = from + Math.floor((to - from) / DAY / 2) * DAY;
    return [
      ...(await dailyActivity(api, { from: period.from, to: dateOf(middle) })),
      ...(await dailyActivity(api, { from: dateOf(middle + DAY), to: period.to })),
    ];
  }
  const days = [...first.results];
  for (let page = 2; page <= (first.metadata.total_pages ?? 1); page++)
    days.push(...(await ask(page)).results);
  return days;
}
