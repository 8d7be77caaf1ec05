/** Runs the tools that a model calls. */

import { ToolMessage } from "@langchain/core/messages";
import { type StructuredToolInterface, ToolInputParsingException } from "@langchain/core/tools";
import { z } from "zod";
import { listed } from "../../config/nearest.ts";
import { cutText } from "../history.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { CALLS_PER_STEP } from "./limits.ts";
import { untilAborted } from "./until-aborted.ts";
import { UNTRACED } from "./untraced.ts";

/** Tokens of a tool's result, however large the window. */
const LARGEST_RESULT = 4000;

/** Calls that were not run, and characters of each, that the model is told of. */
const MOST_TOLD = 8;
const LONGEST_TOLD = 100;

export interface ToolRunnerOptions {
  readonly tools: readonly StructuredToolInterface[];
  /** Tokens of the model's context; a result takes at most a quarter of it. */
  readonly window: number;
  readonly signal: AbortSignal;
  readonly stream: AnswerStream;
}

/** Runs the tools of one question, the same call only once. */
export class ToolRunner {
  /** Every call of the question, in order. */
  readonly calls: { name: string; args: unknown; ok: boolean }[] = [];
  /** Whether the model has asked for the same call three times. */
  repeated = false;
  /** The last call that succeeded. */
  lastResult: { readonly name: string; readonly text: string } | undefined;

  readonly #options: ToolRunnerOptions;
  readonly #tools: ReadonlyMap<string, StructuredToolInterface>;
  /** How often each call was asked for. */
  readonly #asked = new Map<string, number>();

  constructor(options: ToolRunnerOptions) {
    this.#options = options;
    this.#tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  }

  /**
   * Runs a tool. Whatever goes wrong with it is a result too; only an abort throws.
   *
   * @param note for the model, after the result
   */
  async call(call: { id: string; name: string; args: unknown }, note?: string): Promise<ToolMessage> {
    const { id, name, args } = call;
    const { stream, window } = this.#options;
    stream.emit({ type: "toolCall", id, name, args });
    const { ok, text: whole } = await this.#result(name, args);
    const text = cutText(whole, Math.min(LARGEST_RESULT, Math.floor(window / 4)));
    this.calls.push({ name, args, ok });
    if (ok) this.lastResult = { name, text };
    stream.emit({ type: "toolResult", id, name, ok, text });
    const content = note === undefined ? text : `${text}\n\n${note}`;
    return new ToolMessage({ content, tool_call_id: id, name, status: ok ? "success" : "error" });
  }

  async #result(name: string, args: unknown): Promise<{ ok: boolean; text: string }> {
    const { signal } = this.#options;
    const asked = `${name} ${canonical(args)}`;
    const times = (this.#asked.get(asked) ?? 0) + 1;
    this.#asked.set(asked, times);
    if (times > 1) {
      this.repeated ||= times > 2;
      return {
        ok: false,
        text: `\`${name}\` was already called with this input; its result is above. Do not repeat the call: answer with what you know, or do something else.`,
      };
    }
    const tool = this.#tools.get(name);
    if (tool === undefined) {
      const known =
        this.#tools.size === 0 ? "There are no tools" : `The tools are: ${listed(this.#tools.keys(), 30)}`;
      return { ok: false, text: `There is no tool \`${name}\`. ${known}.` };
    }
    signal.throwIfAborted();
    try {
      const output: unknown = await untilAborted(
        tool.invoke(args as never, { signal, callbacks: [UNTRACED] }) as Promise<unknown>,
        signal,
      );
      return { ok: true, text: typeof output === "string" ? output : (JSON.stringify(output) ?? "") };
    } catch (error) {
      if (signal.aborted) throw error;
      return { ok: false, text: `\`${name}\` failed: ${await problemWith(tool, args, error)}` };
    }
  }
}

/** Tells the model which of the calls of its last answer were not run, as there were too many. */
export function notRun(calls: readonly { readonly name: string; readonly args: unknown }[]): string {
  const told = calls.slice(0, MOST_TOLD).map(({ name, args }) => {
    const call = `${name} ${JSON.stringify(args)}`;
    return call.length > LONGEST_TOLD ? `${call.slice(0, LONGEST_TOLD)}…` : call;
  });
  const more = calls.length > told.length ? `; and ${calls.length - told.length} more` : "";
  return `[Not run: at most ${CALLS_PER_STEP} tools are run at once. Ask again for what is still needed of these: ${told.join("; ")}${more}.]`;
}

/** JSON with keys in order, to tell whether two calls are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What went wrong with a tool, for the model. */
async function problemWith(tool: StructuredToolInterface, args: unknown, error: unknown): Promise<string> {
  if (error instanceof ToolInputParsingException) {
    if (tool.schema instanceof z.ZodType) {
      const parsed = await tool.schema.safeParseAsync(args);
      if (!parsed.success) return `its input is wrong:\n${z.prettifyError(parsed.error)}`;
    }
    return `its input is wrong: ${error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
