import { setTimeout as sleep } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentEvent } from "../../../../agent/loops/answer-stream.ts";
import { CALLS_PER_STEP } from "../../../../agent/loops/limits.ts";
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

  it("runs no more calls of one answer than the limit, and tells the model of the others", async () => {
    let [running, most, runs] = [0, 0, 0];
    const slow = tool(
      async ({ n }) => {
        runs++;
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
        return `page ${n}`;
      },
      { name: "slow", description: "Slow.", schema: z.object({ n: z.number() }) },
    );
    const calls = Array.from({ length: 400 }, (_, n) => ({ name: "slow", args: { n } }));
    const model = new ScriptedModel("toolCalls", [{ calls }, { text: "Enough." }]);
    const { answer, history } = await toolCallsLoop({ model, tools: [slow], window: 8192 }).ask({
      question: "?",
      history: [],
    });
    expect(answer.answer).toBe("Enough.");
    expect([runs, most]).toEqual([CALLS_PER_STEP, CALLS_PER_STEP]);
    expect(answer.toolCalls).toHaveLength(CALLS_PER_STEP);
    expectValid(history);
    const results = model.requests[1]?.slice(-CALLS_PER_STEP).map(({ text }) => text) ?? [];
    expect(results.filter((text) => text.includes("Not run"))).toEqual([results.at(-1)]);
    expect(results.at(-1)).toContain(
      `[Not run: at most ${CALLS_PER_STEP} tools are run at once. Ask again for what is still needed of these: slow {"n":8}; slow {"n":9};`,
    );
    expect(results.at(-1)).toContain("; and 384 more.]");
  });

  it("runs as many calls as the limit without a word", async () => {
    const calls = Array.from({ length: CALLS_PER_STEP }, (_, a) => ({ name: "add", args: { a, b: 0 } }));
    const model = new ScriptedModel("toolCalls", [{ calls }, { text: "All." }]);
    const { answer } = await toolCallsLoop({ model, tools: [add], window: 8192 }).ask({
      question: "?",
      history: [],
    });
    expect(answer.toolCalls.every(({ ok }) => ok)).toBe(true);
    expect(JSON.stringify(model.requests[1])).not.toContain("Not run");
  });
});
