/**
 * The agent's tools: each a file in this folder with a default export of type {@link ToolFactory}. This one, saved as
 * `agent/tools/encyclopedia.ts`, is a complete tool; no other file has to change:
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
 * A tool returns short text. What goes wrong it throws, as `http.get` does: the error's message becomes the result that
 * the model sees, marked as a failure.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isStructuredTool, type StructuredToolInterface } from "@langchain/core/tools";
import { UserError } from "../../config/errors.ts";
import type { Http } from "../http/index.ts";

/** What tools are given; made once for a conversation. */
export interface ToolContext {
  readonly http: Http;
  /** Default: DuckDuckGo's HTML page. */
  readonly searchUrl?: string;
  /** The stack's status; absent where it is unavailable (the tool is then left out). */
  readonly status?: () => Promise<unknown>;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
}

/** The default export of each tool file: makes the tool, or undefined where the context lacks what it needs. */
export type ToolFactory = (context: ToolContext) => StructuredToolInterface | undefined;

/** This folder; in the bundle of the CLI (`cli/bundle.mjs`) that of the bundled tools. */
const FOLDER = process.env.LLM_STACK_BUNDLED
  ? fileURLToPath(new URL("../../cli/dist/tools", import.meta.url))
  : import.meta.dirname;

/**
 * The tools of every source file in `folder` but `index.ts`, in the order of the files' names.
 *
 * @param folder default: this one. It must be where Node.js finds `@langchain/core`, such as within the project
 * @throws UserError that names the file which makes no tool, or a tool whose name is taken
 */
export async function loadTools(
  context: ToolContext,
  folder: string = FOLDER,
): Promise<StructuredToolInterface[]> {
  const files = (await readdir(folder))
    .filter((name) => /(?<!\.d|\.test)\.m?[jt]s$/.test(name) && name !== "index.ts")
    .sort();
  const tools = new Map<string, StructuredToolInterface>();
  for (const file of files) {
    const path = join(folder, file);
    const made = await make(path, context);
    if (made === undefined) continue;
    if (tools.has(made.name))
      throw new UserError(`\`${path}\`: another file has a tool \`${made.name}\`; rename one.`);
    tools.set(made.name, made);
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
