/** Arithmetic, exact where numbers are: models guess at it. */

import { createRequire } from "node:module";
import { tool } from "@langchain/core/tools";
import type { BigNumber, ConfigOptions, MathJsInstance, MathNode } from "mathjs";
import { z } from "zod";
import { UserError } from "../../config/errors.ts";
import type { ToolFactory } from "./index.ts";

const MAX_LENGTH = 300;
/** Brackets within each other; the library goes some twenty calls deep for each. */
const MAX_DEPTH = 50;
/** Digits that are calculated with, and whole numbers shown with. */
const DIGITS = 64;
/** Larger numbers than 10 to this power are infinite. Bounds the time and memory of every operation. */
const MAX_EXPONENT = 1000;

const OPERATORS = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "mod",
  "pow",
  "unaryMinus",
  "unaryPlus",
  "factorial",
];
const FUNCTIONS = [
  "abs",
  "cbrt",
  "ceil",
  "exp",
  "floor",
  "log",
  "log10",
  "log2",
  "max",
  "mean",
  "min",
  "mod",
  "pow",
];
const MORE_FUNCTIONS = ["round", "sign", "sqrt", "sum"];
const KNOWN = [...FUNCTIONS, ...MORE_FUNCTIONS];
const CONSTANTS = ["pi", "e"];

const calculator: ToolFactory = () =>
  tool(({ expression }) => `${expression} = ${calculate(expression)}`, {
    name: "calculator",
    description:
      "Calculates arithmetic exactly. Use it for every calculation instead of doing it in your head.",
    schema: z.object({
      expression: z
        .string()
        .describe(
          `Such as \`12.5 * (3 + 4)\`, \`2^10\`, \`15% of 80\`, \`sqrt(2)\`. Operators + - * / % ^ !, functions ${KNOWN.join(", ")}, constants pi and e. Numbers without thousands separators.`,
        ),
    }),
  });

export default calculator;

/**
 * The value of an expression. Only what {@link check} lets through is run: numbers, operators and functions of numbers.
 *
 * @throws UserError in one sentence for whatever has no value
 */
export function calculate(expression: string): string {
  if (expression.length > MAX_LENGTH)
    throw new UserError(`An expression has at most ${MAX_LENGTH} characters.`);
  const math = library();
  const fail = (reason: string, cause?: unknown) =>
    new UserError(`\`${expression.replaceAll("`", "'")}\` can't be calculated: ${reason}.`, { cause });
  if (depthOf(expression) > MAX_DEPTH) throw fail(`it has more than ${MAX_DEPTH} brackets within each other`);
  const node = parse(math, normal(expression), fail);
  node.traverse((part) => check(part, (value) => math.isBigNumber(value) || math.isNumber(value), fail));
  let value: unknown;
  try {
    value = node.evaluate();
  } catch (error) {
    // Numbers that do not fit, such as a fraction's factorial: the library tells them by plain errors of these kinds.
    if (!(error instanceof Error)) throw error;
    throw fail(error.message.replace(/\.$/, ""), error);
  }
  if (!math.isBigNumber(value)) throw fail("the result is not a real number");
  if (value.isNaN()) throw fail("the result is not defined");
  if (!value.isFinite()) throw fail("a number is too large, or divided by zero");
  return shown(math, value);
}

type MathJs = MathJsInstance & { readonly BigNumber: { config(settings: object): void } };
let made: MathJs | undefined;

/** Loaded by the first calculation, as one file (65 ms; its modules one by one take 700 ms). */
function library(): MathJs {
  if (made !== undefined) return made;
  // This file is an instance already, which makes others.
  const { create } = createRequire(import.meta.url)("mathjs/lib/browser/math.js") as {
    create(config: ConfigOptions): MathJs;
  };
  // Predictable: the root of a negative number is not defined, instead of complex.
  const math = create({ number: "BigNumber", precision: DIGITS, predictable: true });
  math.BigNumber.config({ maxE: MAX_EXPONENT, minE: -MAX_EXPONENT });
  const factorial = math.factorial as (value: BigNumber) => BigNumber;
  const mod = math.mod as unknown as (value: BigNumber, divisor: BigNumber) => BigNumber;
  math.import(
    {
      // The library multiplies one by one, for as long as it takes.
      factorial: (value: unknown) => {
        const number = math.bignumber(value as BigNumber);
        if (!number.isInteger() || number.isNegative())
          throw new Error("a factorial needs a whole number from 0");
        return number.greaterThan(450) ? math.bignumber(Number.POSITIVE_INFINITY) : factorial(number);
      },
      // The library's remainder is wrong where the quotient has more digits than are calculated with.
      mod: (value: unknown, divisor: unknown) => {
        const [number, by] = [math.bignumber(value as BigNumber), math.bignumber(divisor as BigNumber)];
        if (by.isZero()) throw new Error("there is no remainder of a division by zero");
        if (number.dividedBy(by).abs().greaterThanOrEqualTo(`1e${DIGITS}`))
          throw new Error("a remainder needs smaller numbers");
        return mod(number, by);
      },
    },
    { override: true },
  );
  made = math;
  return math;
}

/** How many brackets are open at most. */
function depthOf(expression: string): number {
  let [open, most] = [0, 0];
  for (const character of expression) {
    if ("([{".includes(character)) most = Math.max(most, ++open);
    else if (")]}".includes(character)) open--;
  }
  return most;
}

/** The spellings of models in those of the library. */
function normal(expression: string): string {
  return expression
    .replace(/[×·⋅]/g, "*")
    .replace(/[÷∶]/g, "/")
    .replace(/[−–]/g, "-")
    .replace(/\*\*/g, "^")
    .replace(/√\s*(?=\()/g, "sqrt")
    .replace(/√\s*([\d.]+)/g, "sqrt($1)")
    .replace(/π/g, "pi")
    .replace(/\bln\s*\(/g, "log(")
    .replace(/%\s*of\b/gi, "/100*")
    .replace(/=\s*(?:\?\s*)?$/, "");
}

function parse(
  math: MathJs,
  expression: string,
  fail: (reason: string, cause?: unknown) => UserError,
): MathNode {
  try {
    return math.parse(expression);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fail(error.message.replace(/\.$/, ""), error);
  }
}

/** Refuses everything but arithmetic: assignments, accessors, texts, lists, units, other functions. */
function check(
  node: MathNode,
  isNumber: (value: unknown) => boolean,
  fail: (reason: string) => UserError,
): void {
  const part = node as MathNode & { fn?: unknown; name?: string; value?: unknown };
  switch (node.type) {
    case "ParenthesisNode":
      return;
    case "ConstantNode":
      if (!isNumber(part.value)) throw fail("only numbers can be calculated with");
      return;
    case "OperatorNode":
      if (!OPERATORS.includes(String(part.fn)))
        throw fail(`the operator \`${(part as { op?: string }).op}\` is not known`);
      return;
    case "FunctionNode": {
      const name = (part.fn as { name?: string }).name ?? "";
      if (!KNOWN.includes(name))
        throw fail(`the function \`${name}\` is not known; known are ${KNOWN.join(", ")}`);
      return;
    }
    case "SymbolNode":
      if (!CONSTANTS.includes(part.name ?? "") && !KNOWN.includes(part.name ?? ""))
        throw fail(`\`${part.name}\` is not known`);
      return;
    default:
      throw fail("it is more than arithmetic");
  }
}

/** Whole numbers with all their digits, others with 15. */
function shown(math: MathJs, value: BigNumber): string {
  const whole = value.isInteger() && value.abs().lessThan(math.bignumber(`1e${DIGITS}`));
  return math.format(
    value,
    whole ? { notation: "fixed", precision: 0 } : { precision: 15, upperExp: 21, lowerExp: -7 },
  );
}
