import { describe, expect, it } from "vitest";
import { applyEdit, type GoEdit } from "../../../from-source/go-edit.ts";

describe("applyEdit", () => {
  const edit: GoEdit = { module: "m", file: "delay.go", text: /(delay =) 2/, replacement: "$1 0" };

  it("replaces the text, and keeps the rest", () => {
    expect(applyEdit("a\ndelay = 2\nb", edit)).toBe("a\ndelay = 0\nb");
  });

  it("fails where the text is not: another version has to be looked at", () => {
    expect(() => applyEdit("delay = 3", edit)).toThrow("`delay.go` does not hold /(delay =) 2/");
  });
});
