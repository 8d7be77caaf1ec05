import { describe, expect, test } from "vitest";
import { calculate } from "../../../../agent/tools/calculator.ts";
import { UserError } from "../../../../config/errors.ts";
import { run, toolFrom } from "../../../support/tools.ts";

describe("the calculator", () => {
  test.each([
    ["12.5 * (3 + 4)", "87.5"],
    ["0.1 + 0.2", "0.3"],
    ["1/3", "0.333333333333333"],
    ["123456789 * 987654321", "121932631112635269"],
    ["2^100", "1267650600228229401496703205376"],
    ["2 ** 10 =", "1024"],
    ["-2^2", "-4"],
    ["2^3^2", "512"],
    ["15% of 80", "12"],
    ["15% * 80", "12"],
    ["100 + 8%", "108"],
    ["17 % 5", "2"],
    ["sqrt(2)", "1.4142135623731"],
    ["√16 × 3 ÷ 2 − 1", "5"],
    ["min(3, 1, 2) + max(4, 5)", "6"],
    ["round(2.567, 1)", "2.6"],
    ["mean(1, 2, 6)", "3"],
    ["ln(e) + log10(1000) + log(8, 2)", "7"],
    ["20!", "2432902008176640000"],
    ["1e-20 * 2", "2e-20"],
    ["2 pi", "6.28318530717959"],
  ])("%s is %s", (expression, value) => expect(calculate(expression)).toBe(value));

  test.each([
    ["1/0", "too large, or divided by zero"],
    ["0/0", "not defined"],
    ["5 % 0", "division by zero"],
    ["sqrt(-1)", "not defined"],
    ["2.5!", "needs a whole number"],
    ["10^1000 % 7", "needs smaller numbers"],
    ["2 +", "Unexpected end of expression"],
    ["1,000 * 3", "Unexpected operator ,"],
    ["", "only numbers"],
    ["sqrt", "not a real number"],
    ["x", "`x` is not known"],
  ])("%s has no value, and it says why", (expression, why) => {
    expect(() => calculate(expression)).toThrow(UserError);
    expect(() => calculate(expression)).toThrow(why);
  });

  test.each([
    'import("fs")',
    'evaluate("1+1")',
    'parse("1")',
    "createUnit(5)",
    "e.constructor",
    'e["constructor"]',
    "x = 1",
    "f(x) = x",
    '"text"',
    "[1, 2]",
    "{a: 1}",
    "1; 2",
    "1:1000000000",
    "1 > 2 ? 3 : 4",
    "5 cm",
    "true",
    "cbrt.constructor(1)",
    "simplify(1)",
    "random()",
    "zeros(100000000)",
    "combinations(1e9, 5e8)",
    "gamma(1e9)",
  ])("%s is not run", (expression) => expect(() => calculate(expression)).toThrow(UserError));

  test.each([
    "9^9^9^9^9",
    "(1e9)!",
    "((((9!)!)!)!)!",
    "exp(exp(exp(exp(9))))",
    "0.999999^(10^900)",
    "log(1e-999)^1e3^0.12345",
    "(10^999 + 1) % (10^-999)",
    "1e999999999999",
    "-".repeat(299).concat("1"),
    "1!".concat("!".repeat(298)),
    "2^".repeat(149).concat("2"),
    `${"(".repeat(149)}1${")".repeat(149)}`,
    `${"cbrt(".repeat(42)}2${")".repeat(42)}`,
    `2${"^0.123".repeat(49)}`,
    "9".repeat(300),
    "(".repeat(300),
  ])("%s takes no time", (expression) => {
    calculate("1");
    const start = performance.now();
    try {
      calculate(expression);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("a longer expression is refused", () => {
    expect(() => calculate("1+".repeat(200))).toThrow("at most 300 characters");
  });

  test("answers with the expression and its value, or with what is wrong", async () => {
    const tool = await toolFrom("calculator");
    expect(await run(tool, { expression: "6*7" })).toEqual({ text: "6*7 = 42", ok: true });
    expect(await run(tool, { expression: "6*" })).toEqual({
      text: "`6*` can't be calculated: Unexpected end of expression (char 3).",
      ok: false,
    });
    expect(await run(tool, { sum: "6*7" })).toMatchObject({
      text: expect.stringContaining("did not match expected schema"),
      ok: false,
    });
  });
});
