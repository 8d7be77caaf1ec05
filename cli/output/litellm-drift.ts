import type { LiteLlmDrift } from "../litellm/drift.ts";
import { table } from "./table.ts";

/** Lines for people; none when there is nothing. */
export function renderLiteLlmDrift({ overridden, unmanaged, unchecked }: LiteLlmDrift): string[] {
  const lines: string[] = [];
  for (const { section, settings, held, todo } of overridden) {
    const where = held === "database" ? "LiteLLM's database" : "the running proxy";
    lines.push(
      "",
      `Declared, but overridden in ${where} (${section}):`,
      ...settings.map(
        ({ name, declared, live }) =>
          `  ${name} is ${JSON.stringify(live)}, declared is ${JSON.stringify(declared)}`,
      ),
      `  How to fix it: ${todo}.`,
    );
  }
  if (unmanaged.length > 0) {
    const rows = unmanaged.map(({ kind, name, id }) => [kind, name, id]);
    lines.push("", table([["UNMANAGED", "NAME", "ID"], ...rows]));
    for (const todo of new Set(unmanaged.map((thing) => thing.todo)))
      lines.push(`  Created elsewhere or by hand: ${todo}.`);
  }
  for (const { what, reason, todo } of unchecked) lines.push("", `Unchecked: ${what}: ${reason}. ${todo}.`);
  return lines;
}
