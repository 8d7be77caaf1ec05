/** Serves over its standard streams; talks on standard error, and stays deaf to the end of its input if told so. */

import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { makeServer } from "./server.ts";

process.stderr.write("desk: chatter on standard error\n");
if (process.argv.includes("--stubborn")) setInterval(() => {}, 1000);
await makeServer().connect(new StdioServerTransport());
