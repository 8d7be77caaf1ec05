import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { countMessages, countTokens } from "../../../../agent/history.ts";
import { Usage } from "../../../../agent/loops/usage.ts";

const question = [new HumanMessage("What is a container?")];
const counted = (input_tokens: number, output_tokens: number) =>
  new AIMessage({
    content: "A box.",
    usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
  });

describe("the usage of a question", () => {
  it("is what the proxy reports, with its cost, without rounding errors", () => {
    const usage = new Usage({ input: 0.1, output: 0.2 });
    for (const message of [counted(1, 1), counted(2, 0)]) {
      usage.sent(question);
      usage.count(message);
    }
    expect(usage.tokens).toEqual({ input: 3, output: 1 });
    expect(usage.costUsd).toBe(0.5);
  });

  it("is estimated for a call that the proxy does not count, and for one that broke off in its answer", () => {
    const usage = new Usage(undefined);
    usage.sent(question);
    usage.count(new AIMessage("A box."));
    const first = { input: countMessages(question), output: countMessages([new AIMessage("A box.")]) };
    expect(usage.tokens).toEqual(first);
    usage.sent(question);
    usage.received("A b");
    usage.count();
    expect(usage.tokens).toEqual({ input: 2 * first.input, output: first.output + countTokens("A b") });
    expect(usage.costUsd).toBeNull();
  });

  it("does not include a call that broke off before its answer, and none twice", () => {
    const usage = new Usage(undefined);
    usage.sent(question);
    usage.count();
    usage.count();
    expect(usage.tokens).toEqual({ input: 0, output: 0 });
  });
});
