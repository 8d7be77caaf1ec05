import { text } from "node:stream/consumers";
import type { AgentEvent, Answer } from "../../agent/index.ts";
import { UserError } from "../../setup/errors.ts";
import { type AgentCommandOptions, openAgent } from "../open-agent.ts";

/** Options of {@link ask}. */
export interface AskCommandOptions extends AgentCommandOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * Answers one question. The answer goes to standard output, as it comes; everything else to standard error.
 *
 * @param words the question; without any it is read from standard input
 */
export async function ask(
  root: string,
  stack: string,
  words: readonly string[],
  options: AskCommandOptions,
): Promise<void> {
  const question = (words.length > 0 ? words.join(" ") : await piped()).trim();
  if (question === "") throw new UserError('`ask` needs a question: `npm run -s ask -- "What is a container?"`');
  const agent = await openAgent(root, stack, options);
  const answer = await agent.ask(question, {
    onEvent: (event) => {
      if (options.verbose) tellStep(event);
      if (event.type === "retry") console.error(`${event.reason}: tried again in ${event.seconds} s`);
      if (event.type === "text" && !options.json) process.stdout.write(event.text);
    },
  });
  if (options.json) console.log(JSON.stringify({ model: agent.model.name, ...answer }, null, 2));
  else process.stdout.write("\n");
  if (options.verbose) console.error(summary(answer));
}

async function piped(): Promise<string> {
  return process.stdin.isTTY ? "" : text(process.stdin);
}

/** Shows a step of the agent on standard error. */
export function tellStep(event: AgentEvent): void {
  if (event.type === "thought") console.error(`  … ${event.text}`);
  if (event.type === "toolCall") console.error(`  → ${event.name} ${JSON.stringify(event.args)}`);
  if (event.type === "toolResult") console.error(`  ${event.ok ? "←" : "✗"} ${event.name}: ${short(event.text)}`);
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
