/**
 * Whether a text is JSON to the engine, which unwraps the result of its own parser (serde_json) and panics where that
 * refuses what JavaScript takes. Pure.
 */

/** serde_json 1.0 (`de.rs`, `remaining_depth: 128`) refuses the 128th level. */
const MAX_DEPTH = 127;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const MINUS = 0x2d;
const isOpening = (code: number) => code === 0x5b || code === 0x7b;
const isClosing = (code: number) => code === 0x5d || code === 0x7d;
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * What is wrong with a text that should be JSON, without a word of it: it may be secret. Undefined when the engine can
 * take it. Half surrogate pairs that are not escaped are left to the caller.
 */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  const strings = new StringEnds(text);
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = strings.after(at + 1);
      if (at < 0) return "a string holds half a surrogate pair";
    } else if (isOpening(code)) {
      depth += 1;
      if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    } else if (isClosing(code)) {
      depth -= 1;
    } else if (isDigit(code) || code === MINUS) {
      const end = endOfNumber(text, at);
      if (!Number.isFinite(Number(text.slice(at, end)))) return "a number is out of range";
      at = end - 1;
    }
  }
  return undefined;
}

/**
 * Finds where strings end. Looks for quotes and backslashes with `indexOf`, many times as fast as a loop, and for each of
 * them only once, so that it stays linear.
 */
class StringEnds {
  readonly #text: string;
  #quote = -1;
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the string ends that starts at `start`, or -1 when one of its escapes is half a surrogate pair. */
  after(start: number): number {
    for (let at = start; ; ) {
      if (this.#quote < at) this.#quote = this.#text.indexOf('"', at);
      if (this.#backslash < at) this.#backslash = position(this.#text.indexOf("\\", at));
      if (this.#quote < this.#backslash) return this.#quote;
      at = afterEscape(this.#text, this.#backslash);
      if (at < 0) return -1;
    }
  }
}

function position(found: number): number {
  return found < 0 ? Number.POSITIVE_INFINITY : found;
}

/** Where the escape at `at` ends, or -1 when it is half a surrogate pair. */
function afterEscape(text: string, at: number): number {
  const unit = escapedUnit(text, at);
  if (unit === undefined) return at + 2;
  if (!isHigh(unit) && !isLow(unit)) return at + 6;
  const next = escapedUnit(text, at + 6);
  return isHigh(unit) && next !== undefined && isLow(next) ? at + 12 : -1;
}

/** The UTF-16 unit of the escape `\uXXXX` at `at`. */
function escapedUnit(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== BACKSLASH || text.charCodeAt(at + 1) !== LETTER_U) return undefined;
  return Number.parseInt(text.slice(at + 2, at + 6), 16);
}

const NUMBER = /[-+.eE\d]*/y;

function endOfNumber(text: string, at: number): number {
  NUMBER.lastIndex = at;
  NUMBER.test(text);
  return NUMBER.lastIndex;
}
