/** The section `agent`: its MCP servers. */

import { z } from "zod";

const variableName = z
  .string()
  .regex(
    /^[A-Za-z_]\w*$/,
    "must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
  );
/** Without `__`, which separates it from a tool's name; the two together fit into OpenAI's limit of 64 characters. */
const mcpName = z
  .string()
  .regex(
    /^(?=.{1,30}$)[a-zA-Z0-9]+([_-][a-zA-Z0-9]+)*$/,
    "must be letters and digits, with single `_` or `-` between them, at most 30",
  )
  .describe("Name; its tools are called `<name>__<tool>`.");
const mcpUrl = z
  .url({
    protocol: /^https?$/,
    // Silent where there is none: which kind of entry was meant shows in the keys that it has.
    error: ({ input }) =>
      input === undefined ? undefined : "must be a URL such as `https://tools.example/mcp`",
  })
  .refine((url) => {
    const { username, password } = new URL(url);
    return !username && !password;
  }, "must not contain a user name or password; put the login into an environment variable, and name that under `headers`");
const mcpCommand = z.strictObject({
  name: mcpName,
  command: z
    .string()
    .min(1, "must be a program")
    .describe("Program that speaks MCP on its standard streams."),
  args: z.array(z.string()).default([]).describe("Its arguments."),
  env: z
    .array(variableName)
    .default([])
    .describe("Names of environment variables that it gets, beside `PATH`, `HOME` and the like."),
});
const mcpAddress = z.strictObject({
  name: mcpName,
  url: mcpUrl.describe("Address of a server that speaks MCP over HTTP (streamable)."),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be the name of a header"), variableName)
    .refine((headers) => {
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      return new Set(names).size === names.length;
    }, "names a header twice, as capital letters do not count; remove one")
    .default({})
    .describe("Headers of each request: name to the name of the environment variable that holds the value."),
});
const mcpServer = z.union([mcpCommand, mcpAddress]);

/** The section `agent`. */
export const agent = z
  .strictObject({
    mcpServers: z
      .array(mcpServer)
      .default([])
      .describe("MCP servers whose tools the bundled agent uses beside its own."),
  })
  .prefault({});

export type McpServerShape = z.output<typeof mcpServer>;
