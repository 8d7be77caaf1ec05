import type { Figures, Spend } from "../litellm/spend-report.ts";
import { table } from "./table.ts";

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
