/**
 * The agent as a library: a conversation with a model of the stack, which uses tools.
 *
 * ```ts
 * const agent = await createStackAgent({ endpoint: await findEndpoint({ root, stack: "dev", env: process.env }) });
 * const { answer } = await agent.ask("What is 17 % of 230?");
 * ```
 */

import type { BaseMessage } from "@langchain/core/messages";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { chatModel } from "./chat-model.ts";
import type { Endpoint } from "./endpoint.ts";
import { agentError, modelUnknown } from "./errors.ts";
import { createHttp, type HttpOptions } from "./http/index.ts";
import type { AgentEvent } from "./loops/answer-stream.ts";
import type { Limits } from "./loops/limits.ts";
import type { Answer } from "./loops/loop.ts";
import { answerShare } from "./loops/prompt.ts";
import type { McpServer } from "./mcp.ts";
import { listModels, type ModelFacts, preferredModel, unknownModel } from "./models.ts";
import { loadTools } from "./tools/index.ts";

export { type Endpoint, endpointOf, findEndpoint, firstError, givenEndpoint } from "./endpoint.ts";
export { AgentError, notUp } from "./errors.ts";
export type { AgentEvent } from "./loops/answer-stream.ts";
export type { Limits } from "./loops/limits.ts";
export type { Answer } from "./loops/loop.ts";
export type { McpServer } from "./mcp.ts";

/** Arguments of {@link createStackAgent}. */
export interface StackAgentOptions {
  readonly endpoint: Endpoint;
  /** Name of a model of the proxy. Default: one that calls tools, balanced over the most deployments. */
  readonly model?: string;
  /** Bounds on one question. */
  readonly limits?: Partial<Limits>;
  /** Tools to use instead of the agent's own. */
  readonly tools?: readonly StructuredToolInterface[];
  /** MCP servers whose tools are used too. {@link StackAgent.close} ends them. */
  readonly mcpServers?: readonly McpServer[];
  /** Environment variables, for those that `mcpServers` name. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How the agent's own tools reach the web. Default: directly. */
  readonly http?: HttpOptions;
  /** Where the tool `web_search` asks for pages such as DuckDuckGo's HTML page, which is the default. */
  readonly searchUrl?: string;
  /** What the tool `stack_status` reports; without it the tool is left out. */
  readonly status?: () => Promise<unknown>;
}

/** One question's settings. */
export interface AskOptions {
  /** Ends the answer; the conversation goes on with what there is. */
  readonly signal?: AbortSignal;
  /** Called with each piece of the answer and each step, as they come. */
  readonly onEvent?: (event: AgentEvent) => void;
}

/** A conversation. */
export interface StackAgent {
  /** The proxy's chat models that the key may use. */
  readonly models: readonly ModelFacts[];
  readonly tools: readonly StructuredToolInterface[];
  /** The model that answers. */
  readonly model: ModelFacts;
  /** @throws {AgentError} `modelUnknown`, with the known ones; `modelNotAllowed` */
  useModel(name: string): Promise<void>;
  /**
   * A limit or an abort ends it with what there is, and `ended` says so.
   *
   * @throws {AgentError} when the proxy gives no answer; the conversation is as before then
   */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  /** Forgets the conversation. */
  reset(): void;
  /** Ends the MCP servers that were started for it; without any there is nothing to end. */
  close(): Promise<void>;
}

/**
 * Begins a conversation: asks the proxy which models there are.
 *
 * @throws {AgentError} when the proxy does not answer, refuses the key, or has no such model, or an MCP server fails
 */
export async function createStackAgent(options: StackAgentOptions): Promise<StackAgent> {
  const { endpoint, limits = {}, searchUrl, status, mcpServers = [], env = {} } = options;
  const { baseUrl } = endpoint;
  const [models, ownTools] = await Promise.all([
    listModels(endpoint).catch((error) => {
      throw agentError(error, { baseUrl, model: options.model ?? "", models: [] });
    }),
    options.tools ??
      loadTools({
        http: createHttp(options.http ?? {}),
        ...(searchUrl !== undefined && { searchUrl }),
        ...(status && { status }),
      }),
  ]);
  const names = models.map(({ name }) => name);
  const find = async (name: string): Promise<ModelFacts> => {
    const found = models.find((each) => each.name === name);
    if (found !== undefined) return found;
    // The key's list lacks it. A call, which costs nothing when refused, tells whether the key may not use it or nobody has it.
    try {
      await chatModel(endpoint, { model: name, maxTokens: 1 }).invoke("?");
      return unknownModel(name);
    } catch (error) {
      throw agentError(error, { baseUrl, model: name, models: names });
    }
  };
  const first = options.model === undefined ? preferredModel(models) : await find(options.model);
  if (first === undefined) throw modelUnknown({ baseUrl, model: "(any for chat)", models: [] });
  let model = first;
  let history: BaseMessage[] = [];
  // Last, so that no server is left running when something else fails.
  const mcp =
    mcpServers.length === 0
      ? undefined
      : await (await import("./mcp.ts")).connectMcp(mcpServers, {
          env,
          taken: ownTools.map(({ name }) => name),
        });
  const tools = [...ownTools, ...(mcp?.tools ?? [])];

  return {
    models,
    tools,
    get model() {
      return model;
    },
    async useModel(name) {
      model = await find(name);
    },
    async ask(question, { signal, onEvent } = {}) {
      const { name, tools: callsTools, contextWindow: window, inputPrice, outputPrice } = model;
      const maxTokens = answerShare(Math.min(window, limits.tokens ?? window));
      // Only the one needed: LangChain's agent takes most of a second to load.
      const makeLoop = callsTools
        ? (await import("./loops/tool-calls.ts")).toolCallsLoop
        : (await import("./loops/react.ts")).reactLoop;
      const loop = makeLoop({
        model: chatModel(endpoint, { model: name, maxTokens }),
        tools,
        limits,
        window,
        answerTokens: maxTokens,
        ...(inputPrice !== undefined &&
          outputPrice !== undefined && { price: { input: inputPrice, output: outputPrice } }),
      });
      try {
        const asked = await loop.ask({
          question,
          history,
          ...(signal && { signal }),
          ...(onEvent && { onEvent }),
        });
        history = asked.history;
        return asked.answer;
      } catch (error) {
        throw agentError(error, { baseUrl, model: name, models: names });
      }
    },
    reset() {
      history = [];
    },
    async close() {
      await mcp?.close();
    },
  };
}
