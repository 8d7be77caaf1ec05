import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../../agent/loops/answer-stream.ts";
import { reactLoop } from "../../../../agent/loops/react.ts";
import { add } from "../../../support/conversation.ts";
import { ScriptedModel } from "../../../support/scripted-model.ts";

describe("the ReAct loop", () => {
  it("streams the answer of a model that does not keep to any format", async () => {
    const model = new ScriptedModel("react", [{ text: "Paris is the capital of France." }]);
    model.plain = true;
    const pieces: string[] = [];
    const { answer } = await reactLoop({ model, tools: [add], window: 8192 }).ask({
      question: "?",
      history: [],
      onEvent: (event) => pieces.push(event.type === "text" ? event.text : event.type),
    });
    expect(answer.answer).toBe("Paris is the capital of France.");
    expect(pieces.join("")).toBe(answer.answer);
    expect(pieces.length).toBeGreaterThan(3);
  });

  it("takes back free text that a tool call follows", async () => {
    const model = new ScriptedModel("react", [
      { text: "Let me add these.\nAction: Add\nAction Input: {'a': 1, 'b': 2,}\n" },
      { text: "3" },
    ]);
    model.plain = true;
    const events: AgentEvent[] = [];
    const { answer } = await reactLoop({ model, tools: [add], window: 8192 }).ask({
      question: "?",
      history: [],
      onEvent: (event) => events.push(event),
    });
    expect(answer).toMatchObject({
      answer: "3",
      toolCalls: [{ name: "add", args: { a: 1, b: 2 }, ok: true }],
    });
    expect(events).toContainEqual({ type: "aside", text: "Let me add these." });
  });

  it("stops the model before it makes up a result, and tells it of the tools", async () => {
    const model = new ScriptedModel("react", [{ text: "Hi." }]);
    await reactLoop({ model, tools: [add], window: 8192 }).ask({ question: "?", history: [] });
    expect(model.options[0]?.stop).toEqual(["\nObservation:"]);
    expect(model.requests[0]?.[0]?.text).toContain('- add {"a": number, "b": number}: Adds two numbers.');
  });

  it("asks for the answer at the last step", async () => {
    const model = new ScriptedModel("react", [
      { calls: [{ name: "add", args: { a: 1, b: 2 } }] },
      { text: "3" },
    ]);
    const loop = reactLoop({ model, tools: [add], window: 8192, limits: { steps: 2 } });
    expect((await loop.ask({ question: "?", history: [] })).answer.answer).toBe("3");
    expect(model.requests[1]?.at(-1)?.text).toMatch(/No further tool can be used/);
  });
});
