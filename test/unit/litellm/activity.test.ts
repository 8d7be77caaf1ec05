import { describe, expect, it } from "vitest";
import { type ActivityDay, dailyActivity, lastDays } from "../../../litellm/activity.ts";

const none = {
  spend: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  api_requests: 0,
  failed_requests: 0,
};

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
          metrics: { ...none, api_requests: shown.filter((row) => row === date).length },
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
  });
});

it.each([
  {},
  [],
  { results: [], metadata: null },
  { results: [{ date: "2026-01-01" }], metadata: {} },
])("an answer that is not LiteLLM's figures is an error that says so: %j", async (answer) => {
  const period = { from: "2026-01-01", to: "2026-01-01" };
  await expect(dailyActivity({ get: async () => answer }, period)).rejects.toThrow(
    /^`GET \/user\/daily\/activity` was answered with 200: not what LiteLLM sends: /,
  );
});
