import { readFile } from "node:fs/promises";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import { describe, expect, it } from "vitest";
import { countMessages, countTokens, cutText, fitHistory, withoutDangling } from "../../../agent/history.ts";

const call = (id: string, result: string): BaseMessage[] => [
  new AIMessage({ content: "", tool_calls: [{ id, name: "t", args: { id }, type: "tool_call" }] }),
  new ToolMessage({ content: result, tool_call_id: id, name: "t" }),
];
const words = (count: number) => "some more words ".repeat(count);

describe("countTokens", () => {
  const openAi = new Tiktoken(cl100k);
  const here = new URL("../../../", import.meta.url);
  const texts: [string, () => Promise<string> | string][] = [
    ["prose", () => readFile(new URL("README.md", here), "utf8")],
    ["code", () => readFile(new URL("litellm/config-file.ts", here), "utf8")],
    ["JSON", () => readFile(new URL("config/schema.json", here), "utf8")],
    ["digits", () => "3.14159265358979 2718281828 2026-01-31T10:20:30Z"],
    ["hex", () => "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    [
      "German",
      () => "Die Geschwindigkeitsbegrenzung wurde während der Straßenarbeiten überraschend geändert.",
    ],
    ["Russian", () => "Быстрая коричневая лиса прыгает через ленивую собаку."],
    ["Chinese", () => "今天的天气很好，我们一起去公园散步。"],
    ["emoji", () => "😀🎉🚀👩‍👩‍👧‍👦🇩🇪"],
  ];
  it.each(texts)("counts no less than OpenAI's tokenizer for %s", async (_, read) => {
    const text = (await read()).slice(0, 8000);
    expect(countTokens(text)).toBeGreaterThanOrEqual(openAi.encode(text).length);
  });

  it("counts at most twice as many for English", async () => {
    const text = (await readFile(new URL("README.md", here), "utf8")).slice(0, 8000);
    expect(countTokens(text)).toBeLessThan(2 * openAi.encode(text).length);
  });
});

describe("cutText", () => {
  it("keeps what fits, and says what it cut", () => {
    expect(cutText("short", 10)).toBe("short");
    const cut = cutText(words(500), 100);
    expect(countTokens(cut)).toBeLessThanOrEqual(100);
    expect(countTokens(cut)).toBeGreaterThan(80);
    expect(cut).toMatch(/^some more .*\n\[… cut: too long for the model's context]$/);
  });

  it("does not cut a character in two", () => {
    expect(cutText(`a${"😀".repeat(200)}`, 60)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});

describe("fitHistory", () => {
  it("leaves alone what fits", async () => {
    const messages = [new HumanMessage("a"), ...call("1", "x"), new AIMessage("b"), new HumanMessage("c")];
    expect(await fitHistory(messages, 1000)).toEqual(messages);
  });

  it("drops whole questions, the oldest first", async () => {
    const turn = (name: string) => [
      new HumanMessage(name),
      ...call(name, words(20)),
      new AIMessage(`${name}!`),
    ];
    const messages = [...turn("first"), ...turn("second"), new HumanMessage("newest")];
    const fitted = await fitHistory(
      messages,
      countMessages([...turn("second"), new HumanMessage("newest")]) + 10,
    );
    expect(fitted.map((message) => message.text)).toEqual(["second", "", words(20), "second!", "newest"]);
    expect(withoutDangling(fitted)).toEqual(fitted);
  });

  it("keeps the newest question when nothing else fits", async () => {
    const messages = [new HumanMessage("old"), new AIMessage("older"), new HumanMessage(words(100))];
    expect(await fitHistory(messages, 10)).toEqual([messages[2]]);
  });

  it("cuts the longest result of the newest question, with a note", async () => {
    const messages = [new HumanMessage("q"), ...call("1", "short"), ...call("2", words(1000))];
    const fitted = await fitHistory(messages, 500);
    expect(countMessages(fitted)).toBeLessThanOrEqual(500);
    expect(fitted).toHaveLength(5);
    expect(fitted[2]?.text).toBe("short");
    expect(fitted[4]?.text).toMatch(/cut: too long/);
    expect(fitted[4]).toMatchObject({ tool_call_id: "2", name: "t" });
  });

  it("then drops the oldest tool calls with their results, and keeps the newest", async () => {
    const messages = [
      new HumanMessage("q"),
      ...Array.from({ length: 10 }, (_, index) => call(`${index}`, words(100))).flat(),
    ];
    const fitted = await fitHistory(messages, 400);
    expect(fitted[0]?.text).toBe("q");
    expect(fitted.at(-1)).toMatchObject({ tool_call_id: "9" });
    expect(countMessages(fitted)).toBeLessThanOrEqual(400);
    expect(withoutDangling(fitted)).toEqual(fitted);
  });
});

describe("withoutDangling", () => {
  it("drops a call that lacks a result, together with the results that it has", () => {
    const half = new AIMessage({
      content: "",
      tool_calls: [
        { id: "1", name: "t", args: {}, type: "tool_call" },
        { id: "2", name: "t", args: {}, type: "tool_call" },
      ],
    });
    const question = new HumanMessage("q");
    const result = new ToolMessage({ content: "x", tool_call_id: "1" });
    expect(withoutDangling([question, ...call("0", "y"), half, result])).toEqual([
      question,
      ...call("0", "y"),
    ]);
  });
});
