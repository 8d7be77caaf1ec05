/** A small MCP server for the tests. */

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

export function makeServer(): McpServer {
  const server = new McpServer({ name: "desk", version: "1.0.0" });
  server.registerTool(
    "add",
    { description: "Adds two numbers.", inputSchema: { a: z.number(), b: z.number() } },
    async ({ a, b }) => text(`${a + b}`),
  );
  server.registerTool("fail", { description: "Fails." }, async () => {
    throw new Error("the desk is closed");
  });
  server.registerTool("many.blocks", { description: "Blocks of several kinds." }, async () => ({
    content: [
      { type: "text", text: "First." },
      { type: "image", mimeType: "image/png", data: "aGlkZGVu" },
      { type: "resource", resource: { uri: "file:///note.txt", text: "A note." } },
      { type: "resource_link", uri: "https://desk.test/more", name: "more" },
    ],
  }));
  server.registerTool(
    "structured",
    { description: "Data only.", outputSchema: { colour: z.string() } },
    async () => ({ content: [], structuredContent: { colour: "red" } }),
  );
  server.registerTool("variables", { description: "Names of its environment variables." }, async () =>
    text(JSON.stringify([Object.keys(process.env), process.env.DESK_TOKEN])),
  );
  return server;
}
