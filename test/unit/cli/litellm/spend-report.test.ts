import { describe, expect, it } from "vitest";
import {
  type ActivityDay,
  dailyActivity,
  groupSpend,
  keyNames,
  lastDays,
  parseDays,
  renderSpend,
} from "../../../../cli/litellm/spend-report.ts";
import { table } from "../../../../cli/output/table.ts";
import { tokenOf } from "../../../../provider/resource-types/key.ts";

const metrics = (spend: number, input: number, output: number, requests = 1, failed = 0) => ({
  metrics: {
    spend,
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    api_requests: requests,
    failed_requests: failed,
  },
});
const period = { from: "2026-01-01", to: "2026-01-02" };
const days: ActivityDay[] = [
  {
    date: "2026-01-01",
    ...metrics(0.25, 10, 5, 2),
    breakdown: {
      models: { small: metrics(0.25, 10, 5, 2) },
      api_keys: { a1: { ...metrics(0.25, 10, 5, 2), metadata: { key_alias: "agent" } } },
    },
  },
  {
    date: "2026-01-02",
    ...metrics(0.5, 30, 10, 4, 1),
    breakdown: {
      models: { small: metrics(0.25, 10, 5, 2), large: metrics(0.25, 20, 5, 2, 1) },
      api_keys: {
        a1: { ...metrics(0.125, 10, 5, 2), metadata: { key_alias: "agent" } },
        b2: { ...metrics(0.25, 10, 5, 1), metadata: { key_alias: null } },
        "0123456789": { ...metrics(0, 5, 0, 0), metadata: {} },
        ui: { ...metrics(0.125, 5, 0, 1, 1), metadata: { team_id: "litellm-dashboard" } },
      },
    },
  },
];

describe("parseDays", () => {
  it.each(["1", "30", "3650"])("takes %s", (text) => expect(parseDays(text)).toBe(Number(text)));

  it.each(["0", "-1", "1.5", "3651", "x", "", " 7", "1e3"])("refuses %j and names the option", (text) => {
    expect(() => parseDays(text)).toThrow(
      `\`--days\` is \`${text}\`; it must be a whole number from 1 to 3650, such as \`30\`.`,
    );
  });
});

it("lastDays ends today, in UTC, and counts it", () => {
  const now = new Date("2026-03-01T23:30:00-05:00");
  expect(lastDays(1, now)).toEqual({ from: "2026-03-02", to: "2026-03-02" });
  expect(lastDays(3, now)).toEqual({ from: "2026-02-28", to: "2026-03-02" });
});

describe("dailyActivity", () => {
  // A LiteLLM with one row a key and day, that gives `size` rows at most.
  const api = (rowsOn: (date: string) => number, size: number) => {
    const asked: string[] = [];
    const get = async (_: string, query: Record<string, string> = {}) => {
      asked.push(`${query.start_date} ${query.end_date} ${query.page}`);
      const rows: string[] = [];
      const day = 86_400_000;
      for (let t = Date.parse(query.start_date ?? ""); t <= Date.parse(query.end_date ?? ""); t += day) {
        const date = new Date(t).toISOString().slice(0, 10);
        rows.push(...Array.from({ length: rowsOn(date) }, () => date));
      }
      const page = Number(query.page);
      const shown = rows.slice((page - 1) * size, page * size);
      return {
        results: [...new Set(shown)].map((date) => ({
          date,
          ...metrics(1, 1, 1, shown.filter((row) => row === date).length),
          breakdown: {},
        })),
        metadata: { has_more: page * size < rows.length, total_pages: Math.ceil(rows.length / size) },
      };
    };
    return { asked, get };
  };
  const requests = (found: ActivityDay[]) => found.reduce((sum, day) => sum + day.metrics.api_requests, 0);

  it("takes one call where everything fits into one page", async () => {
    const { get, asked } = api(() => 1, 10);
    expect(requests(await dailyActivity({ get }, { from: "2026-01-01", to: "2026-01-10" }))).toBe(10);
    expect(asked).toHaveLength(1);
  });

  it("halves a period that does not fit, and counts every row once", async () => {
    const { get, asked } = api((date) => (date === "2026-01-07" ? 3 : 1), 4);
    expect(requests(await dailyActivity({ get }, { from: "2026-01-01", to: "2026-01-10" }))).toBe(12);
    expect(asked.every((call) => call.endsWith(" 1"))).toBe(true);
  });

  it("pages through a single day that does not fit", async () => {
    const { get } = api(() => 9, 4);
    const found = await dailyActivity({ get }, { from: "2026-01-01", to: "2026-01-01" });
    expect(requests(found)).toBe(9);
    expect(groupSpend(period, found, new Map()).days).toMatchObject([{ date: "2026-01-01", requests: 9 }]);
  });
});

describe("groupSpend", () => {
  const names = keyNames([{ token: "b2", key_alias: null, key_name: "sk-...abcd" }], "sk-master");
  const spend = groupSpend(period, days, names);

  it("adds up by key, the dearest first: by alias, by masked name, or what can be said of it", () => {
    expect(spend.keys.map(({ name, cost, tokens, requests }) => [name, cost, tokens, requests])).toEqual([
      ["agent", 0.375, 30, 4],
      ["sk-...abcd", 0.25, 15, 1],
      ["web UI session", 0.125, 5, 1],
      ["deleted key 01234567", 0, 5, 0],
    ]);
  });

  it("adds up by model, by day from the newest, and in total", () => {
    expect(spend.models.map(({ name, cost }) => [name, cost])).toEqual([
      ["small", 0.5],
      ["large", 0.25],
    ]);
    expect(spend.days.map(({ date }) => date)).toEqual(["2026-01-02", "2026-01-01"]);
    expect(spend.total).toEqual({
      cost: 0.75,
      inputTokens: 40,
      outputTokens: 15,
      tokens: 55,
      requests: 6,
      failed: 1,
    });
  });

  it("calls the master key so, by its hash as by LiteLLM's own word", () => {
    expect(names.get(tokenOf("sk-master"))).toBe("master key");
    expect(names.get("litellm_proxy_master_key")).toBe("master key");
  });

  it("takes the names that clients ask for where LiteLLM tells them", () => {
    const day = {
      ...days[0],
      breakdown: { ...days[0]?.breakdown, model_groups: { chat: metrics(1, 1, 1) } },
    };
    expect(groupSpend(period, [day as ActivityDay], names).models).toMatchObject([{ name: "chat" }]);
  });

  it("is shown in aligned tables, with a word on what may be missing", () => {
    expect(renderSpend(spend)).toMatchInlineSnapshot(`
      "From 2026-01-01 to 2026-01-02:

      KEY                        COST  TOKENS IN  TOKENS OUT  REQUESTS  FAILED
      agent                 $0.375000         20          10         4       0
      sk-...abcd            $0.250000         10           5         1       0
      web UI session        $0.125000          5           0         1       1
      deleted key 01234567  $0.000000          5           0         0       0
      total                 $0.750000         40          15         6       1

      MODEL       COST  TOKENS IN  TOKENS OUT  REQUESTS  FAILED
      small  $0.500000         20          10         4       0
      large  $0.250000         20           5         2       1

      DAY              COST  TOKENS IN  TOKENS OUT  REQUESTS  FAILED
      2026-01-02  $0.500000         30          10         4       1
      2026-01-01  $0.250000         10           5         2       0

      LiteLLM writes its figures about once a minute: the last requests may be missing. Days are UTC."
    `);
  });

  it("says when there was nothing", () => {
    expect(renderSpend(groupSpend(period, [], names))).toMatch(
      /^From 2026-01-01 to 2026-01-02: no requests\.\n\nLiteLLM writes its figures about once a minute/,
    );
  });
});

it("a table aligns texts to the left and numbers to the right", () => {
  expect(
    table(
      [
        ["A", "B"],
        ["long", "1"],
        ["x", "100"],
      ],
      1,
    ),
  ).toBe("A       B\nlong    1\nx     100");
});
