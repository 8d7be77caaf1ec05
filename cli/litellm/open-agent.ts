/** Makes the agent of a stack, for the commands. */

import { proxySettings } from "../../agent/http/proxy-settings.ts";
import {
  createStackAgent,
  endpointOf,
  firstError,
  givenEndpoint,
  notUp,
  type StackAgent,
} from "../../agent/index.ts";
import { stackConfigFromFiles } from "../../config/from-files.ts";
import { readStatus } from "../docker/stack-status.ts";
import { prepare, prepareToolchain } from "../prepare.ts";
import { PulumiFailed } from "../pulumi/pulumi.ts";
import { stackOutputs } from "../pulumi/stack.ts";

/** Options that `ask` and `agent` share. */
export interface AgentCommandOptions {
  readonly model?: string;
  /** Steps, cost in US dollars, seconds: at most that for one question. */
  readonly steps?: number;
  readonly maxCost?: number;
  readonly maxTokens?: number;
  readonly timeout?: number;
  /** Private addresses, `host:port`, that the tool `fetch_page` may read all the same. */
  readonly allowHost?: readonly string[];
}

/** An agent on the proxy that the environment names, or on the stack's; its MCP servers are those of the stack's config. */
export async function openAgent(
  root: string,
  stack: string,
  options: AgentCommandOptions,
): Promise<StackAgent> {
  const {
    model,
    steps,
    maxTokens: tokens,
    maxCost: costUsd,
    timeout: seconds,
    allowHost: allowPrivate = [],
  } = options;
  const { mcpServers } = stackConfigFromFiles(root, stack).agent;
  const given = givenEndpoint(process.env);
  const endpoint = given ?? endpointOf(stack, await agentOutputs(root, stack));
  const limits = Object.fromEntries(
    Object.entries({ steps, tokens, costUsd, seconds }).filter(([, value]) => value !== undefined),
  );
  return createStackAgent({
    endpoint,
    limits,
    mcpServers,
    env: process.env,
    ...(model !== undefined && { model }),
    http: { ...proxySettings(process.env), allowPrivate },
    // Another proxy's stack is not known here.
    ...(given === undefined && {
      status: async () => readStatus(await prepare(root, stack, { quiet: true })),
    }),
  });
}

/** The stack's outputs; none where nothing is deployed. */
async function agentOutputs(root: string, stack: string): Promise<Record<string, unknown>> {
  const toolchain = await prepareToolchain(root, stack, { quiet: true });
  try {
    return { ...(await stackOutputs(toolchain)) };
  } catch (error) {
    if (!(error instanceof PulumiFailed)) throw error;
    throw notUp(stack, firstError(error.stderr), { cause: error });
  }
}
