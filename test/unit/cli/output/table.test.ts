import { expect, it } from "vitest";
import { table } from "../../../../cli/output/table.ts";

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
