/**
 * Takes out of texts from elsewhere what a terminal would obey: a model, a web page, an answer of LiteLLM or a container's
 * log must not move the cursor, rename the window, fill the clipboard, or show a line in another order than it is written.
 */

/** Control characters but line break and tab, and those that turn the direction of writing around. */
const UNSAFE = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_IN_JSON = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** What the texts of OSC, DCS, SOS, PM and APC may hold. Without the characters that begin one, so that each is read once. */
const PAYLOAD = "\\P{Cc}*";
const SEQUENCE = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]", // CSI: colours, cursor
    `(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])${PAYLOAD}(?:\\u0007|\\u001b\\\\|\\u009c)`, // OSC and the like: title, clipboard
    "\\u001b[ -/]*[0-~]", // the others
  ].join("|"),
  "gu",
);

/**
 * `text` without escape sequences, control characters (line breaks and tabs stay) and changes of direction. A sequence
 * that does not end loses its beginning only: what it would have swallowed is shown.
 */
export function printable(text: string): string {
  return text.replace(SEQUENCE, "").replace(UNSAFE, "");
}

/**
 * The same value as JSON that can be printed: what `JSON.stringify` leaves as it is becomes `\u202e` and the like, which
 * programs read as before.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The beginning of a sequence at the end of a text, which the next piece may go on with. */
const UNFINISHED = new RegExp(
  [
    "\\u001b[ -/]*",
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*",
    `(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])${PAYLOAD}\\u001b?`,
  ]
    .map((beginning) => `(?:${beginning})$`)
    .join("|"),
  "u",
);
/** Characters of an unfinished sequence that are waited with; a longer one is none that a terminal is meant to get. */
const LONGEST_SEQUENCE = 4096;

/** {@link printable} for a text that comes in pieces, which may cut a sequence in two. */
export class PrintableStream {
  #held = "";

  /** What can be printed now. What never becomes whole is not printed. */
  push(piece: string): string {
    const text = this.#held + piece;
    const start = text.search(UNFINISHED);
    const end = start < 0 || text.length - start > LONGEST_SEQUENCE ? text.length : start;
    this.#held = text.slice(end);
    return printable(text.slice(0, end));
  }

  /** Forgets the beginning of a sequence. */
  reset(): void {
    this.#held = "";
  }
}
