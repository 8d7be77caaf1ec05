/** What a caller sees of a question while it is answered. */

export type AgentEvent =
  /** A piece of the answer, as it streams. */
  | { type: "text"; text: string }
  /** What streamed since the question or the last `aside` turns out not to be the answer: a tool is called first. */
  | { type: "aside"; text: string }
  | { type: "toolCall"; id: string; name: string; args: unknown }
  | { type: "toolResult"; id: string; name: string; ok: boolean; text: string }
  | { type: "thought"; text: string }
  | { type: "retry"; reason: string; seconds: number };

/** Emits the events of one question, and knows what of the answer has streamed. */
export class AnswerStream {
  readonly #onEvent: ((event: AgentEvent) => void) | undefined;
  #streamed = "";
  #closed = false;

  constructor(onEvent: ((event: AgentEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  /** What has streamed since the last {@link aside}. */
  get streamed(): string {
    return this.#streamed;
  }

  emit(event: AgentEvent): void {
    if (!this.#closed) this.#onEvent?.(event);
  }

  /** A piece of what may be the answer. */
  text(text: string): void {
    if (text === "") return;
    this.#streamed += text;
    this.emit({ type: "text", text });
  }

  /** What streamed was not the answer. */
  aside(): void {
    if (this.#streamed === "") return;
    this.emit({ type: "aside", text: this.#streamed });
    this.#streamed = "";
  }

  /** A call failed and is tried again. */
  readonly retried = (reason: string, seconds: number): void => {
    this.aside();
    this.emit({ type: "retry", reason, seconds });
  };

  /**
   * Streams what is missing of the answer, or the answer anew if something else has streamed. Nothing is emitted
   * afterwards: what was aborted may still go on for a moment.
   */
  close(answer: string): void {
    if (!answer.startsWith(this.#streamed)) this.aside();
    this.text(answer.slice(this.#streamed.length));
    this.#closed = true;
  }
}
