/** Counts the tokens and the cost of one question. */

import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { countMessages, countTokens } from "../history.ts";

/** US dollars for a token. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** What the model's calls for one question took: as the proxy counts them, or else by estimate. */
export class Usage {
  readonly #price: Price | undefined;
  readonly #tokens = { input: 0, output: 0 };
  #call: { readonly messages: readonly BaseMessage[]; output: string } | undefined;

  constructor(price: Price | undefined) {
    this.#price = price;
  }

  get tokens(): { input: number; output: number } {
    return { ...this.#tokens };
  }

  /** US dollars; `null` if the price is not known. */
  get costUsd(): number | null {
    if (this.#price === undefined) return null;
    const { input, output } = this.#tokens;
    // Without the rounding errors of binary fractions.
    return Number((input * this.#price.input + output * this.#price.output).toPrecision(12));
  }

  /** The model is called. */
  sent(messages: readonly BaseMessage[]): void {
    this.#call = { messages, output: "" };
  }

  /** A piece of what the model writes, shown or not. */
  received(text: string): void {
    if (this.#call !== undefined) this.#call.output += text;
  }

  /**
   * The call is over. It counts by what the proxy reports, or else by estimate; one that broke off counts only if the
   * model had begun. Without a call in progress and without `message` nothing counts.
   */
  count(message?: AIMessage): void {
    const call = this.#call;
    this.#call = undefined;
    const reported = message?.usage_metadata;
    if (reported !== undefined && reported.input_tokens + reported.output_tokens > 0) {
      this.#tokens.input += reported.input_tokens;
      this.#tokens.output += reported.output_tokens;
    } else if (call !== undefined && (message !== undefined || call.output !== "")) {
      this.#tokens.input += countMessages(call.messages);
      this.#tokens.output += message === undefined ? countTokens(call.output) : countMessages([message]);
    }
  }
}
