import { describe, expect, it } from "vitest";
import { groupSpend, keyNames, parseDays } from "../../../../cli/litellm/spend-report.ts";
import type { ActivityDay } from "../../../../litellm/activity.ts";
import { tokenOf } from "../../../../litellm/keys.ts";

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

describe("groupSpend", () => {
  const names = keyNames([{ token: "b2", key_alias: null, key_name: "sk-...abcd" }], "sk-master");
  const spend = groupSpend(period, days, names);

  it("adds up by key, the most expensive first: by alias, by masked name, or what can be said of it", () => {
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

  it("adds up a day that LiteLLM tells in several pieces, and says what may be missing", () => {
    const pieces = days.map((day) => ({ ...day, date: "2026-01-01" }));
    expect(groupSpend(period, pieces, names).days).toMatchObject([{ date: "2026-01-01", requests: 6 }]);
    expect(spend.note).toMatch(/^LiteLLM writes its figures about once a minute/);
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
});
