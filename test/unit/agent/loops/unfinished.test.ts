import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../../agent/loops/limits.ts";
import { type Unfinished, unfinishedAnswer } from "../../../../agent/loops/unfinished.ts";

const answer = (part: Partial<Unfinished>) =>
  unfinishedAnswer({
    ended: "steps",
    limits: DEFAULT_LIMITS,
    streamed: "",
    lastResult: undefined,
    ...part,
  });

it.each<[Partial<Unfinished>, string]>([
  [{ ended: "answer" }, "[The model gave an empty answer.]"],
  [{ limits: { ...DEFAULT_LIMITS, steps: 1 } }, "[Stopped after 1 step (the limit) without a final answer.]"],
  [
    { ended: "time", streamed: "Half of it" },
    "Half of it\n\n[Stopped after 120 seconds (the limit); this is not a finished answer.]",
  ],
  [
    { ended: "cost", streamed: " ", lastResult: { name: "add", text: "4\n2" } },
    "[Stopped at the limit of 0.5 dollars without a final answer.] The last tool result, unchecked, came from `add`: 4 2",
  ],
])("%j is told as %j", (part, text) => expect(answer(part)).toBe(text));

it("quotes no more than the start of a long result", () => {
  expect(answer({ lastResult: { name: "page", text: "word ".repeat(1000) } }).length).toBeLessThan(450);
});
