import { describe, expect, it } from "vitest";
import { PrintableStream, printable, printableJson } from "../../../config/printable.ts";

describe("printable", () => {
  it.each<[string, string, string]>([
    ["plain text in any script", "Grüße,\t日本語 👩‍🚀\nשלום עולם", "Grüße,\t日本語 👩‍🚀\nשלום עולם"],
    ["colours", "\x1b[31mred\x1b[0m", "red"],
    ["a cursor that moves", "a\x1b[2J\x1b[1;1Hb\x1b[?25l", "ab"],
    ["a window's title", "a\x1b]0;root@host\x07b", "ab"],
    ["the clipboard", "a\x1b]52;c;cm0gLXJmIC8=\x1b\\b", "ab"],
    ["a link", "\x1b]8;;http://evil.test\x07click\x1b]8;;\x07", "click"],
    ["a device's text", "a\x1bP1$r0m\x1b\\b", "ab"],
    ["sequences in one character", "a\x9b31mb\x9d0;title\x9cc", "abc"],
    ["a reset, and another character set", "a\x1bcb\x1b(0c", "abc"],
    ["control characters", "a\x00\x07\x08\x0b\x0c\x7f\x85b", "ab"],
    ["a line written over", "harmless\rrm -rf /\r\n", "harmlessrm -rf /\n"],
    ["other directions", "a\u202eb\u202cc\u2066d\u2069", "abcd"],
    ["a beginning alone: what follows is shown", "a\x1b]0;b\nc\x1b[", "a0;b\nc"],
  ])("lets nothing through that a terminal obeys: %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each([
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x9d",
    "\x1b]\x9d",
    "\x1b[0",
    "\x1b ",
    "a",
  ])("reads %j for ever in linear time", (piece) => {
    const start = performance.now();
    printable(piece.repeat(100_000));
    printable(`\x1b]${piece.repeat(100_000)}`);
    new PrintableStream().push(piece.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("printableJson", () => {
  it("is the same value, of which nothing reaches a terminal", () => {
    const value = { "a\u202e": ["\x1b[31m\x9b31m\x7f\u2066\n\t", 1, null, true], b: {} };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(printable(json)).toBe(json);
    expect(json).toContain('"a\\u202e"');
  });
});

describe("a text in pieces", () => {
  const TEXT = "a\x1b[1;31mb\x1b]0;title\x1b\\c\x1b]8;;http://x\x07d\x9b2Je\x1b(0f\u202eg\r\nh";

  it("is printable wherever it is cut", () => {
    for (let first = 0; first <= TEXT.length; first++)
      for (let second = first; second <= TEXT.length; second++) {
        const stream = new PrintableStream();
        const pieces = [TEXT.slice(0, first), TEXT.slice(first, second), TEXT.slice(second)];
        expect(pieces.map((piece) => stream.push(piece)).join("")).toBe("abcdefg\nh");
      }
  });

  it("comes at once where nothing is open", () => {
    const stream = new PrintableStream();
    expect(stream.push("Hello ")).toBe("Hello ");
    expect(stream.push("wor\x1b")).toBe("wor");
    expect(stream.push("[0mld")).toBe("ld");
  });

  it("is not kept for ever by a sequence that does not end", () => {
    const stream = new PrintableStream();
    const shown = ["\x1b]0;", ..."x".repeat(5000)].map((piece) => stream.push(piece)).join("");
    expect(shown.length).toBeGreaterThan(4000);
    expect(printable(shown)).toBe(shown);
  });
});
