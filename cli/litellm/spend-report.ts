/** What was spent: LiteLLM's daily figures, grouped by key, by model and by day. */

import type { LiteLlmApi } from "../../litellm/client.ts";
import { tokenOf } from "../../provider/resource-types/key.ts";
import { UserError } from "../../setup/errors.ts";
import { table } from "../output/table.ts";
import { type LiveKey, UI_TEAM } from "./drift.ts";

/** Days as `2026-01-31`, in UTC as LiteLLM counts them, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export interface Figures {
  /** US dollars. */
  readonly cost: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tokens: number;
  readonly requests: number;
  /** Those of the requests that failed. */
  readonly failed: number;
}

/** What `npm run spend` tells; most expensive first, days from the newest. */
export interface Spend extends Period {
  readonly total: Figures;
  readonly keys: readonly ({ readonly name: string; readonly id: string } & Figures)[];
  /** By the names that clients ask for where LiteLLM tells them (1.73.0 does not), else by the provider's names. */
  readonly models: readonly ({ readonly name: string } & Figures)[];
  readonly days: readonly ({ readonly date: string } & Figures)[];
  readonly note: string;
}

const NOTE =
  "LiteLLM writes its figures about once a minute: the last requests may be missing. Days are UTC.";
const MOST_DAYS = 3650;

/** @throws {UserError} naming the option */
export function parseDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MOST_DAYS)
    throw new UserError(
      `\`--days\` is \`${text}\`; it must be a whole number from 1 to ${MOST_DAYS}, such as \`30\`.`,
    );
  return days;
}

const DAY = 24 * 60 * 60 * 1000;
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The last `days` days until `now`. */
export function lastDays(days: number, now: Date): Period {
  return { from: dateOf(now.getTime() - (days - 1) * DAY), to: dateOf(now.getTime()) };
}

interface Metrics {
  readonly metrics: {
    readonly spend: number;
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly api_requests: number;
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

/** The most rows that LiteLLM gives at once. A row is one key's use of one model on one day. */
const PAGE_SIZE = "1000";

/**
 * Every day's activity. Within a day, LiteLLM's rows come in no certain order (1.73.0: common_daily_activity.py), so
 * that pages may overlap: a period that does not fit into one page is asked in halves.
 */
export async function dailyActivity(api: Pick<LiteLlmApi, "get">, period: Period): Promise<ActivityDay[]> {
  const ask = async (page: number) => {
    const query = { start_date: period.from, end_date: period.to, page: String(page), page_size: PAGE_SIZE };
    return (await api.get("/user/daily/activity", query)) as ActivityPage;
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

/** What to call a key, when LiteLLM does not tell its alias with the figures. */
export type KeyNames = ReadonlyMap<string, string>;

/** Names of keys by their hash. */
export function keyNames(keys: readonly LiveKey[], masterKey: string): KeyNames {
  return new Map([
    ["", "no key"],
    ["litellm_proxy_master_key", "master key"],
    [tokenOf(masterKey), "master key"],
    ...keys.flatMap(({ token, key_alias, key_name }): [string, string][] => {
      const name = key_alias || key_name;
      return name ? [[token, name]] : [];
    }),
  ]);
}

/** Adds the days up. */
export function groupSpend(period: Period, days: readonly ActivityDay[], names: KeyNames): Spend {
  const [byKey, byModel, byDay] = [new Sums(), new Sums(), new Sums()];
  const named = new Map<string, string>();
  for (const { date, metrics, breakdown } of days) {
    byDay.add(date, { metrics });
    const groups = Object.entries(breakdown.model_groups ?? {});
    for (const [model, part] of groups.length > 0 ? groups : Object.entries(breakdown.models ?? {}))
      byModel.add(model || "no model", part);
    for (const [id, part] of Object.entries(breakdown.api_keys ?? {})) {
      byKey.add(id, part);
      const { key_alias, team_id } = part.metadata ?? {};
      const session = team_id === UI_TEAM ? "web UI session" : undefined;
      named.set(id, key_alias || names.get(id) || session || `deleted key ${id.slice(0, 8)}`);
    }
  }
  const total = [...byDay.sums.values()].reduce(plus, NONE);
  return {
    ...period,
    total,
    keys: byKey.dearestFirst().map(([id, figures]) => ({ name: named.get(id) ?? id, id, ...figures })),
    models: byModel.dearestFirst().map(([name, figures]) => ({ name, ...figures })),
    days: [...byDay.sums]
      .sort(([a], [b]) => b.localeCompare(a))
      .map(([date, figures]) => ({ date, ...figures })),
    note: NOTE,
  };
}

const NONE: Figures = { cost: 0, inputTokens: 0, outputTokens: 0, tokens: 0, requests: 0, failed: 0 };

function plus(a: Figures, b: Figures): Figures {
  return {
    cost: a.cost + b.cost,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    tokens: a.tokens + b.tokens,
    requests: a.requests + b.requests,
    failed: a.failed + b.failed,
  };
}

class Sums {
  readonly sums = new Map<string, Figures>();

  add(name: string, { metrics }: Metrics): void {
    const figures = {
      cost: metrics.spend,
      inputTokens: metrics.prompt_tokens,
      outputTokens: metrics.completion_tokens,
      tokens: metrics.total_tokens,
      requests: metrics.api_requests,
      failed: metrics.failed_requests,
    };
    this.sums.set(name, plus(this.sums.get(name) ?? NONE, figures));
  }

  dearestFirst(): [string, Figures][] {
    return [...this.sums].sort(([, a], [, b]) => b.cost - a.cost || b.requests - a.requests);
  }
}

const NUMBERS = ["COST", "TOKENS IN", "TOKENS OUT", "REQUESTS", "FAILED"];

/** Tables for people. */
export function renderSpend(spend: Spend): string {
  const heading = `From ${spend.from} to ${spend.to}`;
  if (spend.days.length === 0) return `${heading}: no requests.\n\n${spend.note}`;
  const section = (title: string, rows: [string, Figures][]) =>
    table([[title, ...NUMBERS], ...rows.map(([name, figures]) => [name, ...cells(figures)])], 1);
  return [
    `${heading}:`,
    section("KEY", [...spend.keys.map((key): [string, Figures] => [key.name, key]), ["total", spend.total]]),
    section(
      "MODEL",
      spend.models.map((model) => [model.name, model]),
    ),
    section(
      "DAY",
      spend.days.map((day) => [day.date, day]),
    ),
    spend.note,
  ].join("\n\n");
}

function cells({ cost, inputTokens, outputTokens, requests, failed }: Figures): string[] {
  return [`$${cost.toFixed(6)}`, ...[inputTokens, outputTokens, requests, failed].map(String)];
}
