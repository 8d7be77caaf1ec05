/** Tools from MCP servers, through LangChain's adapter. Loaded only where the config names a server. */

import type { StructuredToolInterface } from "@langchain/core/tools";
import { loadMcpTools } from "@langchain/mcp-adapters";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";
import { AgentError } from "./errors.ts";

/** An MCP server: a program that is started, or an address. */
export type McpServer = McpProgram | McpAddress;

interface McpProgram {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Names of the environment variables that it gets, beside `PATH`, `HOME` and the like. */
  readonly env?: readonly string[];
}

interface McpAddress {
  readonly name: string;
  readonly url: string;
  /** Header to the name of the environment variable that holds its value. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface McpOptions {
  /** Where the values of the named variables are. */
  readonly env: NodeJS.ProcessEnv;
  /** Names of tools that are there already. */
  readonly taken?: readonly string[];
  /** To start, answer and list the tools. Default: 15. */
  readonly seconds?: number;
}

export interface McpTools {
  /** Named `<server>__<tool>`, as far as a model's API takes that. */
  readonly tools: readonly StructuredToolInterface[];
  /** Ends the programs and the sessions. */
  close(): Promise<void>;
}

/** Characters of a program's standard error that are kept for a message. */
const STDERR_KEPT = 4096;
/** A model's API takes no longer name. */
const LONGEST_NAME = 64;

/**
 * Connects to all servers at once.
 *
 * @throws {AgentError} that names the server which does not start or answer in time; the others are ended then
 */
export async function connectMcp(servers: readonly McpServer[], options: McpOptions): Promise<McpTools> {
  const { taken = [], seconds = 15, env } = options;
  const settled = await Promise.allSettled(servers.map((server) => connect(server, env, seconds)));
  const connections = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const close = async () => {
    await Promise.all(connections.map((connection) => connection.close()));
  };
  const failed = settled.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const tools = connections.flatMap((connection) => connection.tools);
  const names = toolNames(
    tools.map(({ name }) => name),
    taken,
  );
  for (const [index, tool] of tools.entries()) tool.name = names[index] ?? tool.name;
  return { tools, close };
}

/** Names that a model's API takes (OpenAI's: letters, digits, `_`, `-`, at most 64), each once and none of `taken`. */
export function toolNames(names: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken);
  return names.map((wanted) => {
    const clean = wanted.replace(/[^a-zA-Z0-9_-]/g, "_");
    let name = clean.slice(0, LONGEST_NAME);
    for (let count = 2; used.has(name); count++) {
      const end = `_${count}`;
      name = `${clean.slice(0, LONGEST_NAME - end.length)}${end}`;
    }
    used.add(name);
    return name;
  });
}

async function connect(server: McpServer, env: NodeJS.ProcessEnv, seconds: number): Promise<McpTools> {
  const link = "command" in server ? startProgram(server, env) : openAddress(server, env);
  const client = new TextClient({ name: "llm-stack", version: "0.1.0" });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  const opened = async () => {
    await client.connect(link.transport);
    return loadMcpTools(server.name, client, { prefixToolNameWithServerName: true });
  };
  try {
    const tools = await Promise.race([opened(), late]);
    return { tools, close: link.close };
  } catch (error) {
    await link.close();
    throw notConnected(server, error, link);
  } finally {
    clearTimeout(timer);
  }
}

/** An open connection to a server. */
interface Link {
  readonly transport: Transport;
  /** Ends it; a program has ended when this resolves. */
  close(): Promise<void>;
  /** What the program wrote to standard error last. */
  said(): string;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

/** The client ends a transport itself, without waiting, when the first exchange fails: whoever ends it next waits too. */
class Program extends StdioClientTransport {
  #closed: Promise<void> | undefined;

  override close(): Promise<void> {
    this.#closed ??= super.close();
    return this.#closed;
  }
}

function startProgram(server: McpProgram, env: NodeJS.ProcessEnv): Link {
  const { name, command, args = [], env: handed = [] } = server;
  const values = Object.fromEntries(
    handed.map((variable) => [variable, variableValue(variable, env, name, "`env`")]),
  );
  // Its standard error would stand among the answer.
  const transport = new Program({ command, args: [...args], env: values, stderr: "pipe" });
  let said = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-STDERR_KEPT);
  });
  return {
    transport,
    close: () => transport.close(),
    said: () => said,
    secrets: Object.values(values),
  };
}

function openAddress(server: McpAddress, env: NodeJS.ProcessEnv): Link {
  const { name, url, headers: variables = {} } = server;
  const headers = Object.fromEntries(
    Object.entries(variables).map(([header, variable]) => [
      header,
      variableValue(variable, env, name, "`headers`"),
    ]),
  );
  // Another server must not get the headers.
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers, redirect: "error" },
  });
  return {
    // The SDK's types differ in whether an absent session may be written out.
    transport: transport as Transport,
    close: () => transport.close(),
    said: () => "",
    secrets: Object.values(headers),
  };
}

function variableValue(variable: string, env: NodeJS.ProcessEnv, server: string, place: string): string {
  const value = env[variable];
  if (value === undefined || value === "")
    throw new AgentError(
      "other",
      `The MCP server \`${server}\` needs the environment variable \`${variable}\`, which is not set: set it, or remove it from ${place} of the server in \`agent.mcpServers\` in \`Pulumi.<stack>.yaml\`.`,
    );
  return value;
}

function notConnected(server: McpServer, error: unknown, { said, secrets }: Link): AgentError {
  const hidden = (text: string) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text).trim();
  const line = hidden(said()).split("\n").at(-1)?.trim() ?? "";
  const reason = hidden(reasonOf(error)).split("\n")[0] ?? "";
  const where = "command" in server ? `program \`${server.command}\`` : `address \`${server.url}\``;
  const why = line === "" ? reason : `${reason}; it said: ${line}`;
  return new AgentError(
    "other",
    `The MCP server \`${server.name}\` (${where}) can't be used (${why.slice(0, 500)}): fix or remove it under \`llm-stack:agent\` (\`mcpServers\`) in \`Pulumi.<stack>.yaml\`.`,
    { cause: error },
  );
}

/** `fetch` hides why it failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const inner = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined;
  return inner === undefined || inner === "" ? error.message : `${error.message}: ${inner}`;
}

/** Gives a tool's result as text: the loops take nothing else. */
class TextClient extends Client {
  override async callTool(...call: Parameters<Client["callTool"]>): Promise<CallToolResult> {
    const result = await super.callTool(...call);
    const { structuredContent, isError, content } = result as CallToolResult;
    const blocks = (content ?? []).map(blockText).filter((text) => text !== "");
    const structured = structuredContent === undefined ? "" : JSON.stringify(structuredContent);
    const text = blocks.length > 0 ? blocks.join("\n") : structured;
    return { content: [{ type: "text", text }], ...(isError !== undefined && { isError }) };
  }
}

/** A block of a result in words; data that is not text is only named. */
export function blockText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}, ${block.mimeType}, not shown]`;
    case "resource_link":
      return [block.title ?? block.name, block.uri, block.description].filter(Boolean).join(" – ");
    case "resource":
      return "text" in block.resource
        ? block.resource.text
        : `[data, ${block.resource.mimeType ?? "of unknown type"}, ${block.resource.uri}, not shown]`;
  }
}
