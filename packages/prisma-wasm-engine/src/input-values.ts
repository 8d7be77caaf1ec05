/**
 * Scalar values of a document, tagged as the JSON protocol wants them. What the engine panics at, hangs at or would
 * store as something else is refused here, as the native engine refuses it. Pure.
 */

import { jsonProblem } from "./json-text.ts";
import type { InputTypes } from "./schema-types.ts";

/** A value of the JSON protocol. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value that the native engine refuses too: P2009, or P2033 for numbers beyond 64 bits. Holds no value. */
export class InvalidValue extends Error {
  override name = "InvalidValue";
  readonly code: "P2009" | "P2033";
  /** The argument or field that the value was given to. */
  readonly argument: string;

  constructor(code: "P2009" | "P2033", argument: string, message: string) {
    super(message);
    this.code = code;
    this.argument = argument;
  }
}

/** As prisma-engines 5.17 words it (`user-facing-errors/src/query_engine/validation.rs`), but without the value. */
export function invalidValue(argument: string, expected: string, problem: string): InvalidValue {
  return new InvalidValue(
    "P2009",
    argument,
    `Invalid argument value. \`${argument}\` is not a valid \`${expected}\`. Underlying error: ${problem}`,
  );
}

/** A string of a document; `allowed` are the types that its place may have. */
export function stringValue(value: string, allowed: InputTypes, argument: string): Json {
  if (allowed.includes("String")) return value;
  if (allowed.includes("Json")) return { $type: "Json", value: checkedJson(value, argument) };
  if (allowed.includes("Bytes")) return { $type: "Bytes", value: checkedBase64(value, argument) };
  if (allowed.includes("Decimal")) return checkedDecimal(value, argument);
  return value;
}

/** `-9223372036854775808`; a `BigInt` of very many digits takes its time. */
const MAX_INT64_LENGTH = 20;

/** A number of a document; those that JavaScript would round travel as text. */
export function numberValue(text: string, allowed: InputTypes, argument: string): Json {
  if (allowed.includes("Decimal")) return { $type: "Decimal", value: checkedDecimal(text, argument) };
  const value = Number(text);
  if (!/^-?\d+$/.test(text)) {
    // It would become `null` in JSON.
    if (!Number.isFinite(value)) throw invalidValue(argument, "64-bit float", "it is out of range");
    return value;
  }
  if (Number.isSafeInteger(value)) return value;
  if (text.length > MAX_INT64_LENGTH || BigInt.asIntN(64, BigInt(text)) !== BigInt(text))
    throw new InvalidValue(
      "P2033",
      argument,
      // request-handlers/src/protocols/graphql/protocol_adapter.rs
      "Query parsing failure: A number used in the query does not fit into a 64 bit signed integer. Consider using `BigInt` as field type if you're trying to store large integers.",
    );
  return { $type: "BigInt", value: text };
}

function checkedJson(text: string, argument: string): string {
  const problem = jsonProblem(text);
  if (problem) throw invalidValue(argument, "JSON String", problem);
  return text;
}

/** The standard alphabet with its padding, as the engine decodes it. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function checkedBase64(text: string, argument: string): string {
  if (text.length % 4 !== 0 || !BASE64.test(text))
    throw invalidValue(argument, "base64 String", "it is not base64");
  return text;
}

/** PostgreSQL's `numeric` has at most 131072 digits before the point and 16383 after it. */
const MAX_EXPONENT = 131_072;
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE]([-+]?\d+))?$/;

/** The engine writes a decimal out in full, which for `1e999999999` takes all memory. */
function checkedDecimal(text: string, argument: string): string {
  const found = DECIMAL.exec(text);
  if (!found) throw invalidValue(argument, "decimal String", "it is not a decimal number");
  if (text.length > 2 * MAX_EXPONENT || Math.abs(Number(found[1] ?? 0)) > MAX_EXPONENT)
    throw invalidValue(argument, "decimal String", "it is out of range");
  return text;
}
