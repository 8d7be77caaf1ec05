import { afterEach, describe, expect, it, vi } from "vitest";
import { showEvents } from "../../../../cli/output/agent-events.ts";
import {
  LiveText,
  print,
  printError,
  printFault,
  printForShell,
  printJson,
} from "../../../../cli/output/terminal.ts";
import { projectFiles, textOf } from "../../../support/imports.ts";

afterEach(() => vi.restoreAllMocks());

/** What is written to both streams from now on. */
function written() {
  const out: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => out.push(String(text)) > 0);
  return out;
}

const HOSTILE = "a\x1b]0;title\x07\x1b[2Jb\u202e\x9b";

describe("what commands print", () => {
  it("holds nothing that a terminal obeys", () => {
    const out = written();
    print(HOSTILE);
    printError(HOSTILE);
    printFault(new Error(HOSTILE));
    printJson(HOSTILE);
    const live = new LiveText();
    for (const piece of HOSTILE) live.write(piece);
    live.end();
    const [plain, error, fault, json, ...rest] = out;
    expect([plain, error, rest.join("")]).toEqual(["ab\n", "ab\n", "ab\n"]);
    expect(fault).toMatch(/^Error: ab\n {4}at /);
    expect(JSON.parse(json ?? "")).toBe(HOSTILE);
    expect(out.join("")).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });

  it("of an agent's steps and of its answer, which comes in pieces, neither", () => {
    const out = written();
    const show = showEvents({ live: true, verbose: true });
    show({ type: "retry", reason: HOSTILE, seconds: 1 });
    show({ type: "thought", text: HOSTILE });
    show({ type: "toolCall", id: "1", name: HOSTILE, args: { [HOSTILE]: HOSTILE } });
    show({ type: "toolResult", id: "1", name: HOSTILE, ok: false, text: HOSTILE });
    for (const text of ["The \x1b", "[31", "mend", "\x1b]0;"]) show({ type: "text", text });
    show({ type: "aside", text: "" });
    show({ type: "text", text: "x" });
    expect(out.join("")).toMatch(/The end\nx$/);
    expect(out.join("")).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });

  it("for a shell is exact", () => {
    const out = written();
    printForShell("export A='\x1b'");
    expect(out).toEqual(["export A='\x1b'\n"]);
  });

  it("goes through one module", () => {
    const sources = projectFiles().filter((file) => /^(cli|agent|setup|litellm)\/.*\.ts$/.test(file));
    expect(sources.length).toBeGreaterThan(80);
    const others = sources.filter(
      (file) =>
        file !== "cli/output/terminal.ts" &&
        /^(?!\s*(\*|\/\/)).*(\bconsole\.|\bprocess\.std(out|err)\.write\b)/m.test(textOf(file)),
    );
    expect(others).toEqual([]);
  });
});
