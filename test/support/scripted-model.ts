/** A fake model that follows one script in either loop's way, in pieces as a real one streams. */

import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

export interface Turn {
  /** Said before a tool call, or as the answer. */
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly args: Record<string, unknown> }[];
  /** Thrown after so many pieces of the text; 0: at once. */
  readonly fails?: { readonly after: number; readonly error: unknown };
  /** Waits, deaf to everything but the signal, before it answers. */
  readonly hangs?: boolean;
  readonly usage?: { readonly input: number; readonly output: number };
}

export type Way = "toolCalls" | "react";

/** LangChain's own fakes cannot stream tool calls and text in turns, nor fail in the middle. */
export class ScriptedModel extends BaseChatModel {
  /** What the model was sent. */
  readonly requests: BaseMessage[][] = [];
  /** The call options, such as `stop`. */
  readonly options: Record<string, unknown>[] = [];
  /** Writes the text of a turn as it stands, without any format. */
  plain = false;
  readonly #way: Way;
  readonly #turns: Turn[];
  #calls = 0;

  constructor(way: Way, turns: readonly Turn[]) {
    super({ maxRetries: 0 });
    this.#way = way;
    this.#turns = [...turns];
  }

  override _llmType() {
    return "scripted";
  }

  override bindTools(tools: unknown[]) {
    return this.withConfig({ tools } as object);
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error("was not asked to stream");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    this.requests.push(messages);
    this.options.push({ ...options });
    const turn = this.#turns.shift();
    if (turn === undefined) throw new Error("the script is over");
    if (turn.hangs)
      await new Promise((_, reject) =>
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
      );
    const chunks = this.#chunks(turn);
    for (const [index, message] of chunks.entries()) {
      if (turn.fails?.after === index) throw turn.fails.error;
      const chunk = new ChatGenerationChunk({ message, text: message.text });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
    if (turn.fails !== undefined) throw turn.fails.error;
  }

  #chunks({ text = "", calls = [], usage = { input: 10, output: 5 } }: Turn): AIMessageChunk[] {
    const pieces = (whole: string) =>
      (whole.match(/.{1,5}/gs) ?? []).map((content) => new AIMessageChunk({ content }));
    const end = new AIMessageChunk({
      content: "",
      usage_metadata: {
        input_tokens: usage.input,
        output_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      },
    });
    if (this.#way === "toolCalls")
      return [
        ...pieces(text),
        ...calls.map(
          ({ name, args }, index) =>
            new AIMessageChunk({
              content: "",
              tool_call_chunks: [
                {
                  id: `call_${++this.#calls}`,
                  name,
                  args: JSON.stringify(args),
                  index,
                  type: "tool_call_chunk",
                },
              ],
            }),
        ),
        end,
      ];
    const [call] = calls;
    const written = this.plain
      ? text
      : call === undefined
        ? `Thought: I know.\nFinal Answer: ${text}`
        : `Thought: ${text}\nAction: ${call.name}\nAction Input: ${JSON.stringify(call.args)}\n`;
    return [...pieces(written), end];
  }
}
