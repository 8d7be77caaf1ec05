import { createInterface } from "node:readline";
import { AgentError, type StackAgent } from "../../agent/index.ts";
import { type AgentCommandOptions, openAgent } from "../litellm/open-agent.ts";
import { showEvents, summaryLine } from "../output/agent-events.ts";
import { table } from "../output/table.ts";
import { print, printError } from "../output/terminal.ts";

/** Options of {@link agent}. */
export interface AgentOptions extends AgentCommandOptions {
  readonly verbose?: boolean;
}

const HELP = `  /model [NAME]  list the models, or switch to another one
  /tools         list the tools that the agent can use
  /reset         forget the conversation
  /exit          quit, as Ctrl-D does; Ctrl-C stops an answer`;

/**
 * A conversation in the terminal: a line is a question, or a command that starts with `/`. In a pipe each line of
 * standard input is answered in turn. Returns whether every line was answered or carried out.
 */
export async function agent(root: string, stack: string, options: AgentOptions): Promise<boolean> {
  const conversation = await openAgent(root, stack, options);
  try {
    return await converse(conversation, options);
  } finally {
    await conversation.close();
  }
}

async function converse(conversation: StackAgent, options: AgentOptions): Promise<boolean> {
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, ...(terminal && { output: process.stdout }) });
  let answering: AbortController | undefined;
  lines.on("SIGINT", () => {
    if (answering !== undefined) return answering.abort();
    printError("\n/exit or Ctrl-D quits.");
    lines.prompt();
  });
  const prompt = () => {
    if (terminal) lines.prompt();
  };

  printError(`${described(conversation)}. /help shows the commands.`);
  prompt();
  let well = true;
  for await (const line of lines) {
    const said = line.trim();
    if (said === "/exit") break;
    if (said.startsWith("/")) well = (await command(conversation, said)) && well;
    else if (said !== "") {
      answering = new AbortController();
      well = (await answer(conversation, said, answering.signal, options)) && well;
      answering = undefined;
    }
    prompt();
  }
  lines.close();
  return well;
}

/** Answers a question, shown as it comes. An error is shown, and the conversation goes on. */
async function answer(
  conversation: StackAgent,
  question: string,
  signal: AbortSignal,
  { verbose = false }: AgentOptions,
): Promise<boolean> {
  const terminal = process.stdout.isTTY === true;
  try {
    // Steps are shown in a terminal even when not asked for: an answer may take long.
    const onEvent = showEvents({ live: terminal, verbose: verbose || terminal });
    const done = await conversation.ask(question, { signal, onEvent });
    print(terminal ? "" : done.answer);
    if (verbose) printError(summaryLine(done));
    return true;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    printError(`Error: ${error.message}`);
    return false;
  }
}

/** Carries out a command; returns whether it could. */
async function command(conversation: StackAgent, said: string): Promise<boolean> {
  const [name, ...words] = said.split(/\s+/);
  switch (name) {
    case "/help":
      print(HELP);
      return true;
    case "/tools":
      print(table(conversation.tools.map((tool) => [`  ${tool.name}`, tool.description])));
      return true;
    case "/reset":
      conversation.reset();
      printError("  The conversation is forgotten.");
      return true;
    case "/model":
      return words[0] === undefined ? listModels(conversation) : useModel(conversation, words[0]);
    default:
      printError(`\`${name}\` is not a command.\n${HELP}`);
      return false;
  }
}

function listModels({ models, model }: StackAgent): boolean {
  const sorted = [...models].sort((a, b) => a.name.localeCompare(b.name));
  const rows = sorted.map(({ name, tools, contextWindow }) => [
    name === model.name ? `* ${name}` : `  ${name}`,
    wayToTools(tools),
    `${contextWindow} tokens`,
  ]);
  print(table(rows));
  return true;
}

async function useModel(conversation: StackAgent, name: string): Promise<boolean> {
  try {
    await conversation.useModel(name);
    printError(`  ${described(conversation)}`);
    return true;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    printError(`Error: ${error.message}`);
    return false;
  }
}

const described = ({ model }: StackAgent) => `${model.name}, which ${wayToTools(model.tools)}`;

const wayToTools = (callsTools: boolean) =>
  callsTools ? "calls tools" : "gets its tools through the prompt";
