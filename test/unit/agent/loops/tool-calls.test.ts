import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../../agent/loops/answer-stream.ts";
import { toolCallsLoop } from "../../../../agent/loops/tool-calls.ts";
import { add, expectValid, weather } from "../../../support/conversation.ts";
import { ScriptedModel } from "../../../support/scripted-model.ts";

describe("the loop of tool calls", () => {
  it("calls several tools of one message, and offers them to the model", async () => {
    const model = new ScriptedModel("toolCalls", [
      {
        text: "Both at once.",
        calls: [
          { name: "add", args: { a: 1, b: 2 } },
          { name: "weather", args: { city: "Rome" } },
        ],
      },
      { text: "3, sunny." },
    ]);
    const events: AgentEvent[] = [];
    const { answer, history } = await toolCallsLoop({ model, tools: [add, weather], window: 8192 }).ask({
      question: "?",
      history: [],
      onEvent: (event) => events.push(event),
    });
    expect(answer.toolCalls).toHaveLength(2);
    expectValid(history);
    expect(events).toContainEqual({ type: "aside", text: "Both at once." });
    expect((model.options[0]?.tools as { name: string }[]).map(({ name }) => name)).toEqual([
      "add",
      "weather",
    ]);
  });
});
