/** Where the proxy is, and the key to call it with. */

import { z } from "zod";
import { withoutEnd } from "../config/without-end.ts";
import { AgentError, notUp } from "./errors.ts";

/** An OpenAI-compatible API. */
export interface Endpoint {
  /** Ends with `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
}

/** Where {@link findEndpoint} looks. */
export interface FindEndpointOptions {
  /** The project's folder. */
  readonly root: string;
  /** The stack whose outputs are read. */
  readonly stack: string;
  /**
   * Environment variables: `LLM_STACK_URL` and `LLM_STACK_KEY` come before the stack's outputs. Without them it holds
   * what `pulumi` needs, as `npm run -s env` prints it.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The endpoint of the environment, or else the proxy of the stack with the agent's own limited key: never the master key.
 *
 * @throws {AgentError} `notUp` when the stack has no such outputs, `other` when a variable is not a URL or not a key
 */
export async function findEndpoint(options: FindEndpointOptions): Promise<Endpoint> {
  return givenEndpoint(options.env) ?? (await stackEndpoint(options));
}

const given = z.object({
  url: z.url({
    protocol: /^https?$/,
    error: "`LLM_STACK_URL` must be a URL such as `http://localhost:4444`",
  }),
  key: z
    .string({ error: "`LLM_STACK_URL` is set and `LLM_STACK_KEY` is not: set it to a key of that proxy" })
    .min(1, "`LLM_STACK_KEY` is empty: set it to a key of that proxy"),
});

/** The endpoint that the environment names, if any. */
export function givenEndpoint(env: FindEndpointOptions["env"]): Endpoint | undefined {
  const { LLM_STACK_URL: url, LLM_STACK_KEY: key } = env;
  if (url === undefined && key === undefined) return undefined;
  if (url === undefined)
    throw new AgentError("other", "`LLM_STACK_KEY` is set and `LLM_STACK_URL` is not: set both, or none.");
  const read = given.safeParse({ url, key });
  if (!read.success) throw new AgentError("other", `${read.error.issues[0]?.message}.`);
  return { baseUrl: `${withoutEnd(read.data.url, /\//).replace(/\/v1$/, "")}/v1`, key: read.data.key };
}

const outputs = z.object({ openaiBaseUrl: z.url(), agentKey: z.string().min(1) });

async function stackEndpoint({ root, stack, env }: FindEndpointOptions): Promise<Endpoint> {
  // Here only: this loads Pulumi's SDK, which takes most of a second.
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const envVars = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  let found: Record<string, { value: unknown }>;
  try {
    const workspace = await LocalWorkspace.create({ workDir: root, envVars });
    found = await workspace.stackOutputs(stack);
  } catch (error) {
    const { commandResult, message } = error as Error & { commandResult?: { stderr: string } };
    throw notUp(stack, firstError(commandResult?.stderr ?? message), { cause: error });
  }
  return endpointOf(stack, {
    openaiBaseUrl: found.openaiBaseUrl?.value,
    agentKey: found.agentKey?.value,
  });
}

/**
 * The endpoint that a stack's outputs tell.
 *
 * @param found the outputs by name, secrets in plain text
 * @throws {AgentError} `notUp` when one is missing
 */
export function endpointOf(stack: string, found: Readonly<Record<string, unknown>>): Endpoint {
  const read = outputs.safeParse(found);
  if (!read.success) {
    const [missing] = read.error.issues.map(({ path }) => String(path[0]));
    if (missing === "agentKey")
      throw new AgentError(
        "notUp",
        `The stack \`${stack}\` has no key for the agent: declare one named \`agent\` in \`keys\` of \`Pulumi.${stack}.yaml\`, then \`npm run up\`. Or set \`LLM_STACK_URL\` and \`LLM_STACK_KEY\`.`,
      );
    throw notUp(stack, `it has no output \`${missing}\``);
  }
  return { baseUrl: read.data.openaiBaseUrl, key: read.data.agentKey };
}

/**
 * What Pulumi says of a failed command: its first line of an error, or its first line.
 *
 * @param stderr never its standard output, which may hold outputs
 */
export function firstError(stderr: string): string {
  const lines = stderr.split("\n");
  const said = lines.find((line) => line.startsWith("error: ")) ?? lines[0] ?? "";
  return said.replace(/^error: /, "");
}
