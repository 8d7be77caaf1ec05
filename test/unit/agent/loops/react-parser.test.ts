import { describe, expect, it } from "vitest";
import { actionInput, parseReact, toolNamed, visible } from "../../../../agent/loops/react-parser.ts";

describe("parseReact", () => {
  it.each<[string, string, string, string]>([
    [
      "the format as asked for",
      'Thought: t\nAction: search\nAction Input: {"query": "x"}',
      "search",
      '{"query": "x"}',
    ],
    ["no thought", "Action: search\nAction Input: x", "search", "x"],
    ["free text before", "I will search.\nAction: search\nAction Input: x", "search", "x"],
    [
      "a code fence",
      'Action: search\nAction Input:\n```json\n{"query": "x"}\n```',
      "search",
      '```json\n{"query": "x"}\n```',
    ],
    [
      "several actions: the first",
      "Action: search\nAction Input: x\nAction: add\nAction Input: y",
      "search",
      "x",
    ],
    ["a made-up result", "Action: search\nAction Input: x\nObservation: 7\nFinal Answer: 7", "search", "x"],
    ["an answer right after an action", "Action: search\nAction Input: x\nFinal Answer: 7", "search", "x"],
    ["bold labels", "**Thought:** t\n**Action:** search\n**Action Input:** x", "search", "x"],
    ["numbered labels", "Thought 1: t\nAction 1: search\nAction Input 1: x", "search", "x"],
    ["labels in other case", "THOUGHT: t\naction: search\naction_input: x", "search", "x"],
    ["a quoted name", 'Action: "search"\nAction Input: x', "search", "x"],
    ["a name in backticks with a full stop", "Action: `search`.\nAction Input: x", "search", "x"],
    ["a name in brackets", "Action: [search]\nAction Input: x", "search", "x"],
    ["input in brackets", "Action: search[the weather]", "search", "the weather"],
    ["input as of a function", 'Action: search("the weather")', "search", "the weather"],
    ["empty parentheses with an input", "Action: search()\nAction Input: x", "search", "x"],
    ["all on one line", "Thought: t\nAction: search Action Input: x", "search", "x"],
    [
      "the action as JSON",
      'Action: {"name": "search", "arguments": {"query": "x"}}',
      "search",
      '{"query":"x"}',
    ],
    [
      "the action as JSON in a fence",
      'Action:\n```json\n{"action": "search", "action_input": "x"}\n```',
      "search",
      "x",
    ],
    ["no input", "Action: time", "time", ""],
    ["Windows line ends", "Thought: t\r\nAction: search\r\nAction Input: x\r\n", "search", "x"],
    ["input over lines", "Action: search\nAction Input: a\nb\nObservation: c", "search", "a\nb"],
  ])("finds the action in: %s", (_, output, name, input) => {
    expect(parseReact(output)).toMatchObject({ kind: "action", name, input });
  });

  it.each<[string, string, string]>([
    ["the format as asked for", "Thought: t\nFinal Answer: 42", "42"],
    ["no thought", "Final Answer: 42", "42"],
    ["no format at all", "The answer is 42.\nReally.", "The answer is 42.\nReally."],
    ["a thought alone", "Thought: It must be 42.", "It must be 42."],
    ["an answer over lines", "Final Answer: a\n\n- b\n- c", "a\n\n- b\n- c"],
    ["an answer before an action", "Final Answer: 42\nAction: search\nAction Input: x", "42"],
    ["a made-up next question", "Final Answer: 42\nQuestion: and 43?\nThought: hm", "42"],
    ["an action that is none", "Thought: t\nAction: None\nFinal Answer: 42", "42"],
    ["an action that is none, with input", "Action: N/A\nAction Input: 42", "42"],
    ["the answer as an action", "Action: Final Answer\nAction Input: 42", "42"],
    ["the answer within a line", "I now know. Final Answer: 42", "42"],
    ["bold labels", "**Final Answer:** 42", "42"],
    ["a heading", "### Final Answer: 42", "42"],
    ["nothing", "", ""],
    [
      "words that only look like labels",
      "Thoughtful actions: none.\nActions speak.",
      "Thoughtful actions: none.\nActions speak.",
    ],
  ])("finds the answer in: %s", (_, output, answer) => {
    expect(parseReact(output)).toMatchObject({ kind: "answer", answer });
  });

  it("keeps the thought", () => {
    expect(parseReact("Hm.\nThought: why\nAction: a\nAction Input: b").thought).toBe("Hm.\nwhy");
  });

  it("reads labels with space in every place that may have some", () => {
    const output = " ## Thought  1  ** : ** why\n\t>Action 12 :`  search\n*Action_Input*\t: x";
    expect(parseReact(output)).toEqual({ kind: "action", thought: "why", name: "search", input: "x" });
  });
});

describe("actionInput", () => {
  const one = { properties: { query: { type: "string" } }, required: ["query"] };
  const optional = {
    properties: { query: { type: "string" }, count: { type: "integer" } },
    required: ["query"],
  };
  const two = { properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] };
  it.each<[string, string, object, Record<string, unknown>]>([
    ["JSON", '{"query": "x"}', one, { query: "x" }],
    ["JSON in a fence", '```json\n{"query": "x"}\n```', one, { query: "x" }],
    ["single quotes", "{'query': 'x'}", one, { query: "x" }],
    ["a trailing comma", '{"a": 1, "b": 2,}', two, { a: 1, b: 2 }],
    ["names without quotes", "{a: 1, b: 2}", two, { a: 1, b: 2 }],
    ["Python's words", "{'query': None, 'deep': True}", one, { query: null, deep: true }],
    ["text after the JSON", '{"query": "x"} I hope this helps.', one, { query: "x" }],
    ["JSON that broke off", '{"query": "x', one, { query: "x" }],
    ["plain text", "the weather", one, { query: "the weather" }],
    ["plain text in quotes", '"the weather"', one, { query: "the weather" }],
    ["plain text with the name", 'query: "the weather"', one, { query: "the weather" }],
    ["plain text for the one required", "the weather", optional, { query: "the weather" }],
    ["another name for the one parameter", '{"input": "x"}', one, { query: "x" }],
    ["a number", "7", { properties: { n: { type: "integer" } } }, { n: 7 }],
    ["a truth", "True", { properties: { on: { type: "boolean" } } }, { on: true }],
    ["anything for a tool without parameters", "now", { properties: {} }, {}],
    ["nothing for an optional parameter", "None", { properties: { zone: { type: "string" } } }, {}],
    ["plain text that fits nothing", "1 and 2", two, { input: "1 and 2" }],
  ])("reads %s", (_, raw, schema, expected) => {
    expect(actionInput(raw, schema)).toEqual(expected);
  });
});

describe("toolNamed", () => {
  it("overlooks case, quotes, spaces and underscores, but nothing more", () => {
    const known = ["web_search", "time"];
    expect(toolNamed("Web Search", known)).toBe("web_search");
    expect(toolNamed("`web-search`", known)).toBe("web_search");
    expect(toolNamed("web_serch", known)).toBeUndefined();
  });
});

describe("visible", () => {
  it.each([
    ["Final Answer: 42", "42"],
    ["Thought: I know.\nFinal Answer: It", "It"],
    ["Thought: I know", ""],
    ["Action: search\nAction Input: x\nFinal Answer: 42", ""],
    ["The capital", "The capital"],
    ["The capital\nAct", "The capital"],
    ["The capital\nActual", "The capital\nActual"],
    ["Fin", ""],
    ["Final Ans", ""],
    ["**Final", ""],
    ["Final Answer: a\nObserv", "a"],
    ["Final Answer: a ", "a"],
  ])("shows of %j only %j", (output, shown) => {
    expect(visible(output)).toBe(shown);
  });

  it("only ever grows while an answer streams", () => {
    const output = "Thought: t\nFinal Answer: The first line.\n\nAnother one, with Thoughts.\nObs";
    let before = "";
    for (let end = 0; end <= output.length; end++) {
      const now = visible(output.slice(0, end));
      expect(now.startsWith(before)).toBe(true);
      before = now;
    }
    expect(before).toBe("The first line.\n\nAnother one, with Thoughts.");
  });
});
