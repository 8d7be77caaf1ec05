/** Documents that no sane client sends: made from a schema's own types, by a seed. */

import type { InputTypes, SchemaTypes } from "../../src/schema-types.ts";

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const text = (value: string) => JSON.stringify(value);

const JSONS = [
  '{"a":[1,"x",null]}',
  '"text"',
  "5",
  "null",
  "[]",
  '"\\ud800"',
  '{"\\udc00":1}',
  '"\\u0000"',
  "[NaN]",
  "[1e400]",
  "",
  "{",
  "[".repeat(200) + "]".repeat(200),
  "123456789012345678901234567890",
].map(text);

const SCALARS: Readonly<Record<string, readonly string[]>> = {
  Json: JSONS,
  String: ["a", "", 'it\'s "quoted"', "%_\\", "\u0000", "\u{1f600}", "x".repeat(3000)].map(text),
  Int: ["0", "1", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "1e400", "1.5"],
  BigInt: ["0", "-9223372036854775808", "99999999999999999999", '"5"', '"99999999999999999999"', '"x"'],
  Float: ["0", "-0.0", "1e308", "1e400", "-1e999", "1e-400", "5"],
  Decimal: ["0", "1e400", "1e999999999", '"1e999999999"', '"NaN"', '"1.5"', '""', "0.1"],
  DateTime: [
    "2025-01-02T03:04:05.678Z",
    "9999-12-31T23:59:59-14:00",
    "+262142-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "2025-01-01T23:59:60Z",
    "2025-02-30T00:00:00Z",
    "x",
    "",
  ].map(text),
  Bytes: ["AQI=", "", "A", "====", "*", "AQI"].map(text),
  Boolean: ["true", "false"],
  Null: ["null"],
};
/** What fits nowhere, or almost nowhere. */
const STRANGE = [
  "null",
  "true",
  "{}",
  "[]",
  "[null]",
  "[[[1]]]",
  "{constructor: {a: 1}}",
  "NaN",
  "JsonNull",
  '"x"',
  "7",
];
const MAX_DEPTH = 6;

export class HostileDocuments {
  readonly #types: SchemaTypes;
  readonly #random: () => number;

  constructor(types: SchemaTypes, seed: number) {
    this.#types = types;
    this.#random = seeded(seed);
  }

  next(): string {
    const [name, operation] = this.#pick(Object.entries(this.#types.operations));
    const args = this.#fields(operation.args, 0);
    const kind = /^(find|aggregate|groupBy)/.test(name) ? "query" : "mutation";
    return `${kind} { result: ${name}${args === "" ? "" : `(${args})`} ${this.#selection(operation.type, 0)} }`;
  }

  #selection(type: string, depth: number): string {
    const fields = Object.entries(this.#types.outputs[type] ?? {});
    if (fields.length === 0 || depth > 3 || this.#chance(0.03)) return "";
    const some = this.#some(fields).map(([name, field]) => {
      const args = Object.keys(field.args).length > 0 && this.#chance(0.5) ? this.#fields(field.args, 1) : "";
      return `${name}${args === "" ? "" : `(${args})`} ${this.#selection(field.type, depth + 1)}`;
    });
    return `{ ${some.join(" ")} }`;
  }

  #fields(inputs: Readonly<Record<string, InputTypes>>, depth: number): string {
    const names = Object.keys(inputs);
    const given = depth > 2 ? [this.#pick(names)] : this.#some(names);
    const pairs = given.map((name) => `${name}: ${this.#value(inputs[name] ?? [], depth)}`);
    if (this.#chance(0.02)) pairs.push(`${this.#pick(["constructor", "__proto__", "nope"])}: {a: "1"}`);
    return pairs.join(" ");
  }

  #value(allowed: InputTypes, depth: number): string {
    if (allowed.length === 0 || this.#chance(0.05)) return this.#pick(STRANGE);
    const type = this.#pick(allowed);
    const scalars = SCALARS[type];
    if (scalars) {
      const value = () => this.#pick(scalars);
      return this.#chance(0.1) ? `[${value()}, ${value()}]` : value();
    }
    const inputs = this.#types.inputs[type];
    if (!inputs) return this.#pick(["SMALL", "LARGE", "asc", "desc", "DbNull", "id", "HUGE"]);
    if (depth >= MAX_DEPTH) return "{}";
    const object = `{${this.#fields(inputs, depth + 1)}}`;
    return this.#chance(0.2) ? `[${object}]` : object;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  /** At least one of them, mostly few. */
  #some<T>(list: readonly T[]): readonly T[] {
    const wanted = this.#random() * 4;
    const some = list.filter(() => this.#random() * list.length < wanted);
    return some.length > 0 ? some : [this.#pick(list)];
  }
}
