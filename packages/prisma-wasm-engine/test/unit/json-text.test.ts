import { describe, expect, it } from "vitest";
import { jsonProblem } from "../../src/json-text.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a text is JSON to the engine:", () => {
  it.each([
    "null",
    " true ",
    "-0",
    "1e308",
    "1e-999",
    "0e999",
    "123456789012345678901234567890",
    '""',
    '"\\u0000 \\" \\\\ \\\\ud800"',
    '"\\ud83d\\ude00 \u{1f600}"',
    '{"a":[1,2.5,{"\\uD83D\\uDE00":"1e999 [[["}],"a":"]"}',
    nested(127),
    `[${Array(500).fill("[]").join()}]`,
  ])("%s", (text) => {
    expect(jsonProblem(text)).toBeUndefined();
  });
});

describe("a text is not JSON to the engine:", () => {
  it.each([
    ["", /not JSON/],
    ["{", /not JSON/],
    ["[NaN]", /not JSON/],
    ["[Infinity]", /not JSON/],
    ["{'a':1}", /not JSON/],
    ["[1] 2", /not JSON/],
    ['"\u0000"', /not JSON/],
    ["\ufeff{}", /not JSON/],
    ['"\\ud800"', /surrogate/],
    ['"\\udc00"', /surrogate/],
    ['"\\ud800\\ud800\\udc00"', /surrogate/],
    ['"\\ud800x"', /surrogate/],
    ['"\\ud800\\n"', /surrogate/],
    ['{"\\uDFFF":1}', /surrogate/],
    ["[1e400]", /out of range/],
    ["-1e400", /out of range/],
    // JavaScript keeps the last of two equal keys only, the engine reads both.
    ['{"a":1e400,"a":1}', /out of range/],
    [`[${"9".repeat(400)}]`, /out of range/],
    [nested(128), /nested/],
    [nested(200_000), /not JSON|nested/],
  ])("%.40s", (text, problem) => {
    expect(jsonProblem(text)).toMatch(problem);
  });

  it("says so without a word of it", () => {
    expect(jsonProblem('{"password": hunter2}')).toBe("it is not JSON");
  });
});
