/** Conversations as models can take them: within their context (counted without a tokenizer), each call with its result. */

import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
  trimMessages,
} from "@langchain/core/messages";

/** What the roles and separators of a chat template take for a message. */
const MESSAGE_TOKENS = 8;
/** What `fenced` in `loops/untrusted.ts` puts around a tool's result. */
const FENCE_TOKENS = 64;
/** A tool result is not cut below this. */
const LEAST_RESULT = 64;
const CUT = "\n[… cut: too long for the model's context]";

/**
 * How many tokens a text takes at most: at least what the tokenizers of Llama 2 and of OpenAI count for prose in many
 * scripts, code, JSON and digits, and up to twice as many; English is overstated by a quarter to a half. Only words
 * without vowels take more. Too few would be worse than too many: Ollama drops the start of what is too long, and
 * with it the system prompt, without a word.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[a-z]+|[A-Z]+|\s+|[^A-Za-z\s]/gu)) {
    const code = run.codePointAt(0) ?? 0;
    if (/^[a-z]/.test(run)) tokens += Math.ceil(run.length / 3);
    else if (/^[A-Z]/.test(run)) tokens += Math.ceil(run.length / 2);
    // A single space belongs to the next word; longer ones are tokens of up to 16.
    else if (/^\s/.test(run))
      tokens += run === " " ? 0 : run.split("\n").length - 1 + Math.ceil(run.length / 16);
    // Digits stand alone, with a token for the space before. Rare characters fall back to their bytes.
    else tokens += code < 0x800 ? 1.1 : code < 0x10000 ? 2 : 4;
  }
  return Math.ceil(tokens);
}

/** Tokens of messages with all that goes along with them: tool calls, names, the chat template. */
export function countMessages(messages: readonly BaseMessage[]): number {
  return messages.reduce((sum, message) => sum + countMessage(message), 0);
}

function countMessage(message: BaseMessage): number {
  const content = typeof message.content === "string" ? message.content : JSON.stringify(message.content);
  const calls =
    AIMessage.isInstance(message) && message.tool_calls?.length ? JSON.stringify(message.tool_calls) : "";
  const fence = ToolMessage.isInstance(message) ? FENCE_TOKENS : 0;
  return MESSAGE_TOKENS + fence + countTokens(content) + countTokens(calls);
}

/** At most so many tokens of `text`, with a note that it was cut. */
export function cutText(text: string, tokens: number): string {
  if (countTokens(text) <= tokens) return text;
  const room = Math.max(0, tokens - countTokens(CUT));
  // The count grows with the length: halve the interval.
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countTokens(text.slice(0, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).replace(/[\uD800-\uDBFF]$/, "")}${CUT}`;
}

/**
 * Shortens a conversation (without its system prompt) to `budget` tokens, in this order: the oldest questions with
 * all that belongs to them; then the longest results of tools, cut with a note; then the oldest tool calls of the
 * newest question, each with its results. The newest question itself always stays, and so does its newest tool call:
 * if they alone are too long, the model has to say so.
 */
export async function fitHistory(messages: readonly BaseMessage[], budget: number): Promise<BaseMessage[]> {
  const start = messages.findLastIndex((message) => HumanMessage.isInstance(message));
  const current = fitQuestion(messages.slice(Math.max(0, start)), budget);
  const rest = budget - countMessages(current);
  const before = messages.slice(0, Math.max(0, start));
  if (before.length === 0 || rest <= 0) return current;
  const kept = await trimMessages([...before], {
    maxTokens: rest,
    tokenCounter: (counted) => countMessages(counted),
    strategy: "last",
    startOn: "human",
  });
  return [...kept, ...current];
}

/** The newest question with its tool calls and their results. */
function fitQuestion(messages: readonly BaseMessage[], budget: number): BaseMessage[] {
  const fitted = [...messages];
  while (countMessages(fitted) > budget) {
    const excess = countMessages(fitted) - budget;
    const longest = longestResult(fitted);
    if (longest !== undefined) {
      const { index, message, tokens } = longest;
      const room = Math.max(LEAST_RESULT, tokens - excess);
      fitted[index] = withContent(message, cutText(message.text, room));
      continue;
    }
    const calls = fitted.flatMap((message, index) => (isCall(message) ? [index] : []));
    const [first, second] = calls;
    if (first === undefined || second === undefined) break;
    fitted.splice(first, second - first);
  }
  return fitted;
}

const isCall = (message: BaseMessage) =>
  AIMessage.isInstance(message) && (message.tool_calls?.length ?? 0) > 0;

function longestResult(messages: readonly BaseMessage[]) {
  return messages
    .flatMap((message, index) =>
      ToolMessage.isInstance(message) ? [{ index, message, tokens: countTokens(message.text) }] : [],
    )
    .filter(({ tokens }) => tokens > LEAST_RESULT)
    .sort((a, b) => b.tokens - a.tokens)[0];
}

function withContent(message: ToolMessage, content: string): ToolMessage {
  const { tool_call_id, name, status, id } = message;
  return new ToolMessage({
    content,
    tool_call_id,
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(id === undefined ? {} : { id }),
  });
}

/** Without tool calls that have no result, which no provider takes, and their results. */
export function withoutDangling(messages: readonly BaseMessage[]): BaseMessage[] {
  const answered = new Set(
    messages.flatMap((message) => (ToolMessage.isInstance(message) ? [message.tool_call_id] : [])),
  );
  const dropped = new Set<string>();
  return messages.filter((message) => {
    if (ToolMessage.isInstance(message)) return !dropped.has(message.tool_call_id);
    if (!AIMessage.isInstance(message)) return true;
    const ids = (message.tool_calls ?? []).map(({ id }) => id ?? "");
    if (ids.every((id) => answered.has(id))) return true;
    for (const id of ids) dropped.add(id);
    return false;
  });
}
