/**
 * The agent's tools: each a file in this folder with a default export of type {@link ToolFactory}. This one, saved as
 * `agent/tools/encyclopedia.ts`, is a whole tool; no other file needs to know of it:
 *
 * ```ts
 * import { tool } from "@langchain/core/tools";
 * import { z } from "zod";
 * import type { ToolFactory } from "./index.ts";
 *
 * const encyclopedia: ToolFactory = ({ http }) =>
 *   tool(
 *     async ({ subject }, { signal }) => {
 *       const title = encodeURIComponent(subject.replaceAll(" ", "_"));
 *       const page = await http.get(`https://en.wikipedia.org/api/rest_v1/page/summary/${title}`, { signal });
 *       if (page.status === 404) return `The encyclopedia has no article "${subject}".`;
 *       return z.object({ extract: z.string() }).parse(JSON.parse(page.text)).extract;
 *     },
 *     {
 *       name: "encyclopedia",
 *       description: "Summary of an encyclopedia's article. For facts about people, places and things.",
 *       schema: z.object({ subject: z.string().describe("The article's title, such as `Ada Lovelace`") }),
 *     },
 *   );
 *
 * export default encyclopedia;
 * ```
 *
 * A tool returns short text. What may go wrong in its use is a `UserError` (`config/errors.ts`; `http.get` throws such),
 * whose one sentence becomes the answer for the model; any other error is a fault of the program and stops the question.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ToolMessage } from "@langchain/core/messages";
import {
  isStructuredTool,
  type StructuredToolInterface,
  ToolInputParsingException,
} from "@langchain/core/tools";
import { UserError } from "../../config/errors.ts";
import type { Http } from "../http.ts";

/** What tools are given; made once for a conversation. */
export interface ToolContext {
  readonly http: Http;
  /** Default: DuckDuckGo's HTML page. */
  readonly searchUrl?: string;
  /** The stack's status; absent where it cannot be had (the tool is then left out). */
  readonly status?: () => Promise<unknown>;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
}

/** The default export of each tool file: makes the tool, or undefined where the context lacks what it needs. */
export type ToolFactory = (context: ToolContext) => StructuredToolInterface | undefined;

/**
 * The tools of every `*.ts` in `folder` but `index.ts`, in the order of the files' names. They answer a failure that is
 * meant to be told (a `UserError`, or input that does not fit the schema) with its message: as a message with status
 * `error` when called with a tool call, else as plain text.
 *
 * @param folder default: this one. It must be where Node.js finds `@langchain/core`, such as within the project
 * @throws UserError that names the file which makes no tool, or a tool whose name is taken
 */
export async function loadTools(
  context: ToolContext,
  folder: string = import.meta.dirname,
): Promise<StructuredToolInterface[]> {
  const files = (await readdir(folder))
    .filter((name) => /(?<!\.d|\.test)\.ts$/.test(name) && name !== "index.ts")
    .sort();
  const tools = new Map<string, StructuredToolInterface>();
  for (const file of files) {
    const path = join(folder, file);
    const made = await make(path, context);
    if (made === undefined) continue;
    if (tools.has(made.name))
      throw new UserError(`\`${path}\`: another file has a tool \`${made.name}\`; rename one.`);
    tools.set(made.name, answering(made));
  }
  return [...tools.values()];
}

async function make(path: string, context: ToolContext): Promise<StructuredToolInterface | undefined> {
  let made: unknown;
  try {
    const { default: factory } = await import(pathToFileURL(path).href);
    if (typeof factory !== "function")
      throw new Error("its default export must be a function of type ToolFactory");
    made = factory(context);
    if (made !== undefined && !isStructuredTool(made as StructuredToolInterface))
      throw new Error("its default export must return a tool, made by LangChain's `tool()`, or undefined");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The tool \`${path}\` can't be loaded: ${reason}`, { cause: error });
  }
  return made as StructuredToolInterface | undefined;
}

/** Turns failures that are meant to be told into answers, in place. */
function answering(tool: StructuredToolInterface): StructuredToolInterface {
  const invoke = tool.invoke.bind(tool) as (input: unknown, config: unknown) => Promise<unknown>;
  tool.invoke = async (input: unknown, config?: { toolCall?: { id?: string } }) => {
    try {
      return await invoke(input, config);
    } catch (error) {
      if (!(error instanceof UserError || error instanceof ToolInputParsingException)) throw error;
      const id = toolCallId(input) ?? config?.toolCall?.id;
      if (id === undefined) return error.message;
      return new ToolMessage({ content: error.message, tool_call_id: id, name: tool.name, status: "error" });
    }
  };
  return tool;
}

function toolCallId(input: unknown): string | undefined {
  const call = input as { type?: unknown; id?: unknown } | null;
  return typeof call === "object" && call?.type === "tool_call" && typeof call.id === "string"
    ? call.id
    : undefined;
}
