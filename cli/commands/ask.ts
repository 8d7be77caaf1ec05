import { text } from "node:stream/consumers";
import type { AgentEvent, Answer } from "../../agent/index.ts";
import { UserError } from "../../setup/errors.ts";
import { type AgentCommandOptions, openAgent } from "../litellm/open-agent.ts";

/** Options of {@link ask}. */
export interface AskCommandOptions extends AgentCommandOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * Answers one question. The answer goes to standard output, in a terminal as it comes; everything else to standard
 * error. Returns whether the model answered, and no limit ended it.
 *
 * @param words the question; without any it is read from standard input
 */
export async function ask(
  root: string,
  stack: string,
  words: readonly string[],
  options: AskCommandOptions,
): Promise<boolean> {
  const question = (words.length > 0 ? words.join(" ") : await piped()).trim();
  if (question === "")
    throw new UserError('`ask` needs a question: `npm run -s ask -- "What is a container?"`');
  const agent = await openAgent(root, stack, options);
  try {
    const live = process.stdout.isTTY && !options.json;
    const answer = await agent.ask(question, {
      onEvent: teller({ live, verbose: options.verbose ?? false }),
    });
    if (options.json) console.log(JSON.stringify({ model: agent.model.name, ...answer }, null, 2));
    else console.log(live ? "" : answer.answer);
    if (options.verbose) console.error(summary(answer));
    return answer.ended === "answer";
  } finally {
    await agent.close();
  }
}

async function piped(): Promise<string> {
  return process.stdin.isTTY ? "" : text(process.stdin);
}

/**
 * Shows what an agent does: its answer, where `live`, on standard output as it comes, and its steps, where `verbose`, on
 * standard error. That a call is tried again is always told.
 */
export function teller({ live, verbose }: { live: boolean; verbose: boolean }): (event: AgentEvent) => void {
  return (event) => {
    if (event.type === "retry") console.error(`  ${event.reason}: tried again in ${event.seconds} s`);
    if (live && event.type === "text") process.stdout.write(event.text);
    if (live && event.type === "aside") process.stdout.write("\n");
    if (!verbose) return;
    if (event.type === "thought") console.error(`  … ${short(event.text)}`);
    if (event.type === "toolCall") console.error(`  → ${event.name} ${short(JSON.stringify(event.args))}`);
    if (event.type === "toolResult")
      console.error(`  ${event.ok ? "←" : "✗"} ${event.name}: ${short(event.text)}`);
  };
}

const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/** What a question took, in one line. */
export function summary({ tokens, costUsd, seconds, toolCalls }: Answer): string {
  const cost = costUsd === null ? "" : `, $${costUsd.toFixed(4)}`;
  return `  (${seconds.toFixed(1)} s, ${tokens.input} + ${tokens.output} tokens${cost}, ${toolCalls.length} tool calls)`;
}
