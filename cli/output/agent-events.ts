/** Shows in the terminal what an agent does. */

import type { AgentEvent, Answer } from "../../agent/index.ts";
import { LiveText, printError } from "./terminal.ts";

/** What is shown of an agent. */
export interface Shown {
  /** The answer, on standard output as it comes. */
  readonly live: boolean;
  /** The steps, on standard error. */
  readonly verbose: boolean;
}

/** Shows events as they come. That a call is retried is always shown, on standard error. */
export function showEvents({ live, verbose }: Shown): (event: AgentEvent) => void {
  const answer = new LiveText();
  return (event) => {
    if (event.type === "retry") printError(`  ${event.reason}: retrying in ${event.seconds} s`);
    if (live && event.type === "text") answer.write(event.text);
    if (live && event.type === "aside") answer.end();
    if (!verbose) return;
    if (event.type === "thought") printError(`  … ${short(event.text)}`);
    if (event.type === "toolCall") printError(`  → ${event.name} ${short(JSON.stringify(event.args))}`);
    if (event.type === "toolResult")
      printError(`  ${event.ok ? "←" : "✗"} ${event.name}: ${short(event.text)}`);
  };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** What a question took, in one line. */
export function summaryLine({ tokens, costUsd, seconds, toolCalls }: Answer): string {
  const cost = costUsd === null ? "" : `, $${costUsd.toFixed(4)}`;
  return `  (${seconds.toFixed(1)} s, ${tokens.input} + ${tokens.output} tokens${cost}, ${toolCalls.length} tool calls)`;
}
