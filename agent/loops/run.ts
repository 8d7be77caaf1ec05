/** One question on its way to its answer: what both loops do for it. */

import { setMaxListeners } from "node:events";
import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { withoutDangling } from "../history.ts";
import { AnswerStream } from "./answer-stream.ts";
import { DEFAULT_LIMITS, type Limits, reachedLimit } from "./limits.ts";
import type { Answered, Ask, Ended, LoopOptions } from "./loop.ts";
import { ToolRunner } from "./tool-runner.ts";
import { unfinishedAnswer } from "./unfinished.ts";
import { untilAborted } from "./until-aborted.ts";
import { Usage } from "./usage.ts";

export class Run {
  readonly limits: Limits;
  /** Aborts when the caller wishes, or when the time is over. */
  readonly signal: AbortSignal;
  /** The question, tool calls with their results, and at the end the answer. */
  readonly messages: BaseMessage[];
  readonly stream: AnswerStream;
  readonly usage: Usage;
  readonly tools: ToolRunner;
  /** Calls of the model so far. */
  steps = 0;

  readonly #ask: Ask;
  readonly #deadline = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #start = performance.now();
  /** Why no further call is made. */
  #stopped: Exclude<Ended, "answer"> | undefined;

  constructor(options: LoopOptions, ask: Ask) {
    this.#ask = ask;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.messages = [new HumanMessage(ask.question)];
    this.#timer = setTimeout(() => this.#deadline.abort(), this.limits.seconds * 1000);
    this.signal =
      ask.signal === undefined ? this.#deadline.signal : AbortSignal.any([ask.signal, this.#deadline.signal]);
    // Each tool that runs listens twice, which Node.js would take for a leak and say so on the terminal.
    setMaxListeners(0, this.signal);
    this.stream = new AnswerStream(ask.onEvent);
    this.usage = new Usage(options.price);
    this.tools = new ToolRunner({ ...options, signal: this.signal, stream: this.stream });
  }

  /** Whether the model may be called once more; if so, the call counts. */
  mayStep(): boolean {
    this.#stopped ??= this.#whyStop();
    if (this.#stopped !== undefined) return false;
    this.steps++;
    return true;
  }

  #whyStop(): Exclude<Ended, "answer"> | undefined {
    if (this.tools.repeated) return "repeated";
    if (this.signal.aborted) return this.#whyAborted();
    const { tokens, costUsd } = this.usage;
    return reachedLimit(this.limits, { steps: this.steps, tokens, costUsd });
  }

  #whyAborted(): "aborted" | "time" {
    return this.#ask.signal?.aborted ? "aborted" : "time";
  }

  /**
   * Runs a loop's body, which gives the model's answer, or nothing if a limit stopped it, and puts together what the
   * question came to.
   */
  async complete(body: () => Promise<string | undefined>): Promise<Answered> {
    let said: string | undefined;
    try {
      said = this.signal.aborted ? undefined : await untilAborted(body(), this.signal);
    } catch (error) {
      if (!this.signal.aborted) throw error;
    } finally {
      clearTimeout(this.#timer);
    }
    if (said === undefined && this.signal.aborted) this.#stopped = this.#whyAborted();
    this.usage.count();
    const ended = said === undefined ? (this.#stopped ?? "answer") : "answer";
    const answer =
      said === undefined || said.trim() === ""
        ? unfinishedAnswer({
            ended,
            limits: this.limits,
            streamed: this.stream.streamed,
            lastResult: this.tools.lastResult,
          })
        : said;
    this.stream.close(answer);
    return {
      answer: {
        answer,
        toolCalls: [...this.tools.calls],
        tokens: this.usage.tokens,
        costUsd: this.usage.costUsd,
        seconds: Number(((performance.now() - this.#start) / 1000).toFixed(3)),
        ended,
      },
      history: [...this.#ask.history, ...withoutDangling(this.messages), new AIMessage(answer)],
    };
  }
}
