import { text } from "node:stream/consumers";
import { UserError } from "../../config/errors.ts";
import { type AgentCommandOptions, openAgent } from "../litellm/open-agent.ts";
import { showEvents, summaryLine } from "../output/agent-events.ts";
import { print, printError, printJson } from "../output/terminal.ts";

/** Options of {@link ask}. */
export interface AskCommandOptions extends AgentCommandOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * Answers one question. The answer goes to standard output, in a terminal as it comes; everything else to standard
 * error. Returns whether the model answered before any limit was reached.
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
      onEvent: showEvents({ live, verbose: options.verbose ?? false }),
    });
    if (options.json) printJson({ model: agent.model.name, ...answer });
    else print(live ? "" : answer.answer);
    if (options.verbose) printError(summaryLine(answer));
    return answer.ended === "answer";
  } finally {
    await agent.close();
  }
}

async function piped(): Promise<string> {
  return process.stdin.isTTY ? "" : text(process.stdin);
}
