/** Keeps LangChain from sending conversations away. */

import { BaseCallbackHandler } from "@langchain/core/callbacks/base";

/**
 * As soon as `LANGSMITH_TRACING` is set, for whatever program it was meant, LangChain sends every prompt and answer to
 * LangSmith, a service on the internet. It adds its tracer only where none of that name is: this one stands in for it
 * and does nothing. (LangSmith's own switch, a root run without tracing, does not reach the steps of an agent.)
 */
class Untraced extends BaseCallbackHandler {
  override name = "langchain_tracer";

  copyWithTracingConfig(): this {
    return this;
  }

  /** What LangChain keeps its config in, from one step to those within. */
  getRunTreeWithTracingConfig(): object {
    return {};
  }

  updateFromRunTree(): void {}
}

/** To be given as a callback wherever a model, a tool or an agent is called from outside of LangChain. */
export const UNTRACED = new Untraced();
