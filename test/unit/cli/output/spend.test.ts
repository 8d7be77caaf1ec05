import { expect, it } from "vitest";
import type { Figures, Spend } from "../../../../cli/litellm/spend-report.ts";
import { renderSpend } from "../../../../cli/output/spend.ts";

const figures = (
  cost: number,
  inputTokens: number,
  outputTokens: number,
  requests: number,
  failed = 0,
): Figures => ({
  cost,
  inputTokens,
  outputTokens,
  tokens: inputTokens + outputTokens,
  requests,
  failed,
});
const spend: Spend = {
  from: "2026-01-01",
  to: "2026-01-02",
  total: figures(0.75, 40, 15, 6, 1),
  keys: [
    { name: "agent", id: "a1", ...figures(0.375, 20, 10, 4) },
    { name: "sk-...abcd", id: "b2", ...figures(0.25, 10, 5, 1) },
    { name: "web UI session", id: "ui", ...figures(0.125, 5, 0, 1, 1) },
    { name: "deleted key 01234567", id: "0123456789", ...figures(0, 5, 0, 0) },
  ],
  models: [
    { name: "small", ...figures(0.5, 20, 10, 4) },
    { name: "large", ...figures(0.25, 20, 5, 2, 1) },
  ],
  days: [
    { date: "2026-01-02", ...figures(0.5, 30, 10, 4, 1) },
    { date: "2026-01-01", ...figures(0.25, 10, 5, 2) },
  ],
  note: "Some may be missing.",
};

it("what was spent is shown in aligned tables, with a word on what may be missing", () => {
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

      Some may be missing."
    `);
});

it("a period without requests is told as that", () => {
  expect(renderSpend({ ...spend, days: [] })).toBe(
    "From 2026-01-01 to 2026-01-02: no requests.\n\nSome may be missing.",
  );
});
