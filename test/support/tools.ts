/** The agent's own tools, for tests. */

import type { StructuredToolInterface } from "@langchain/core/tools";
import { type Http, type HttpAnswer, HttpError } from "../../agent/http/index.ts";
import { loadTools, type ToolContext } from "../../agent/tools/index.ts";

/** Reaches nothing. */
export const offline: Http = {
  get: async (url) => {
    throw new HttpError(
      "unreachable",
      `\`${url}\` was not fetched: the network or its server refuses it (ENOTFOUND).`,
    );
  },
};
/** Answers every request the same. */
export const answering = (answer: Partial<HttpAnswer>): Http => ({
  get: async (url) => ({ url, status: 200, contentType: "text/html", text: "", cut: false, ...answer }),
});

/** One of the agent's own tools. Default of the context: offline. */
export async function toolFrom(
  name: string,
  context: Partial<ToolContext> = {},
): Promise<StructuredToolInterface> {
  const tools = await loadTools({ http: offline, ...context });
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`no tool ${name} among ${tools.map((tool) => tool.name)}`);
  return found;
}
/** What the model is told, and whether it is marked as a failure. */
export async function run(
  tool: StructuredToolInterface,
  args: object,
): Promise<{ text: string; ok: boolean }> {
  try {
    return { text: String(await tool.invoke(args)), ok: true };
  } catch (error) {
    return { text: (error as Error).message, ok: false };
  }
}
