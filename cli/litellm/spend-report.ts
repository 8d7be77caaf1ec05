/** Groups LiteLLM's daily figures by key, by model and by day. */

import { UserError } from "../../config/errors.ts";
import type { ActivityDay, Metrics, Period } from "../../litellm/activity.ts";
import { type LiveKey, MASTER_KEY_ID, tokenOf, UI_TEAM } from "../../litellm/keys.ts";

/** Sums of some requests. */
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

/** What `npm run spend` shows: most expensive first, days from the newest. */
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

/**
 * Reads the value of `--days`.
 *
 * @throws {UserError} naming the option
 */
export function parseDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MOST_DAYS)
    throw new UserError(
      `\`--days\` is \`${text}\`; it must be a whole number from 1 to ${MOST_DAYS}, such as \`30\`.`,
    );
  return days;
}

/** What to call a key, when LiteLLM does not tell its alias with the figures. */
export type KeyNames = ReadonlyMap<string, string>;

/** Names of keys by their hash. */
export function keyNames(keys: readonly LiveKey[], masterKey: string): KeyNames {
  return new Map([
    ["", "no key"],
    [MASTER_KEY_ID, "master key"],
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
    keys: byKey.mostExpensiveFirst().map(([id, figures]) => ({ name: named.get(id) ?? id, id, ...figures })),
    models: byModel.mostExpensiveFirst().map(([name, figures]) => ({ name, ...figures })),
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

  mostExpensiveFirst(): [string, Figures][] {
    return [...this.sums].sort(([, a], [, b]) => b.cost - a.cost || b.requests - a.requests);
  }
}
