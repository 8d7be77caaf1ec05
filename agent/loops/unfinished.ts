/** The answer to a question that the model did not finish: what there is, and why it is not more. */

import type { Limits } from "./limits.ts";
import type { Ended } from "./loop.ts";

/** Characters of a tool's result that are quoted. */
const EXCERPT = 300;

/** What there is of an answer. */
export interface Unfinished {
  readonly ended: Ended;
  readonly limits: Limits;
  /** What of the answer has streamed. */
  readonly streamed: string;
  /** The last call of a tool that succeeded. */
  readonly lastResult: { readonly name: string; readonly text: string } | undefined;
}

export function unfinishedAnswer({ ended, limits, streamed, lastResult }: Unfinished): string {
  const { steps, tokens, costUsd, seconds } = limits;
  const why = {
    answer: "The model gave an empty answer.",
    steps: `Stopped after ${steps} ${steps === 1 ? "step" : "steps"} (the limit) without a final answer.`,
    tokens: `Stopped at the limit of ${tokens} tokens without a final answer.`,
    cost: `Stopped at the limit of ${costUsd} dollars without a final answer.`,
    time: `Stopped after ${seconds} seconds (the limit); this is not a finished answer.`,
    repeated: "Stopped: the model asked for the same tool call again and again, without a final answer.",
    aborted: "Stopped on request; this is not a finished answer.",
  }[ended];
  if (streamed.trimEnd() !== "") return `${streamed}\n\n[${why}]`;
  if (lastResult === undefined) return `[${why}]`;
  return `[${why}] The last tool result, unchecked, came from \`${lastResult.name}\`: ${excerpt(lastResult.text)}`;
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}
