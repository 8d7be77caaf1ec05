import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { exportLine } from "../../../../cli/output/shell.ts";

describe("exportLine", () => {
  it("gives a shell exactly the values, whatever is in them", () => {
    const value = `it's "$HOME" \`id\` \\`;
    const shown = execFileSync("sh", ["-c", `${exportLine({ A: value })}; printf %s "$A"`], {
      encoding: "utf8",
    });
    expect(shown).toBe(value);
  });
});
