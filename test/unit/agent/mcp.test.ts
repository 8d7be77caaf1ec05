import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { fileURLToPath } from "node:url";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createStackAgent } from "../../../agent/index.ts";
import type { AgentEvent } from "../../../agent/loops/answer-stream.ts";
import { reactLoop } from "../../../agent/loops/react.ts";
import { toolCallsLoop } from "../../../agent/loops/tool-calls.ts";
import { connectMcp, type McpOptions, type McpServer, toolNames } from "../../../agent/mcp.ts";
import { makeServer } from "../../support/mcp/server.ts";
import { ScriptedModel, type Turn, type Way } from "../../support/scripted-model.ts";
import { serve } from "../../support/servers.ts";

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const typescript = path("../../../setup/typescript.mjs");

/** A program by Node.js; `mark` finds its process. */
const program = (mark: string, ...further: string[]): McpServer => ({
  name: "desk",
  command: process.execPath,
  args: ["--import", typescript, path("../../support/mcp/stdio.ts"), mark, ...further],
});
const script = (name: string, code: string, mark: string, env?: string[]): McpServer => ({
  name,
  command: process.execPath,
  args: ["-e", code, mark],
  ...(env && { env }),
});

let marks = 0;
const newMark = () => `mcp-test-${process.pid}-${++marks}`;
/** Processes whose command line holds `mark`. */
function running(mark: string): string[] {
  return readdirSync("/proc").filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0").includes(mark);
    } catch {
      return false; // it has just ended
    }
  });
}

async function open(servers: McpServer[], options: Partial<McpOptions> = {}) {
  const mcp = await connectMcp(servers, { env: process.env, ...options });
  onTestFinished(() => mcp.close());
  return mcp;
}

/** The server over HTTP on loopback, without sessions. */
async function served() {
  const requests: IncomingHttpHeaders[] = [];
  const port = await serve(async (incoming, outgoing) => {
    requests.push(incoming.headers);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    outgoing.on("close", () => void transport.close());
    await makeServer().connect(transport);
    await transport.handleRequest(incoming, outgoing);
  });
  return { url: `http://127.0.0.1:${port}/mcp`, requests };
}

async function ask(way: Way, tools: readonly StructuredToolInterface[], turns: readonly Turn[]) {
  const model = new ScriptedModel(way, turns);
  const events: AgentEvent[] = [];
  const loop = (way === "toolCalls" ? toolCallsLoop : reactLoop)({ model, tools, window: 8192 });
  const { answer } = await loop.ask({
    question: "Well?",
    history: [],
    onEvent: (event) => events.push(event),
  });
  const results = events.flatMap((event) => (event.type === "toolResult" ? [event] : []));
  return { answer, results, model };
}
const call = (name: string, args: Record<string, unknown> = {}): Turn => ({ calls: [{ name, args }] });
const message = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("no error"),
    (error) => {
      expect(error).toMatchObject({ name: "AgentError", kind: "other" });
      return (error as Error).message;
    },
  );

describe("an MCP server that is a program", () => {
  it("lends its tools under its name, and ends with `close`", async () => {
    const mark = newMark();
    const { tools, close } = await open([program(mark)]);
    expect(tools.map(({ name, description }) => [name, description])).toContainEqual([
      "desk__add",
      "Adds two numbers.",
    ]);
    expect(running(mark)).toHaveLength(1);
    await close();
    expect(running(mark)).toEqual([]);
  });

  it("is ended even when it does not heed the end of its input", async () => {
    const mark = newMark();
    const { close } = await open([program(mark, "--stubborn")]);
    await close();
    await vi.waitFor(() => expect(running(mark)).toEqual([]));
  });

  it("gets the environment variables that are named, and no other", async () => {
    const server = { ...program(newMark()), env: ["DESK_TOKEN"] };
    const { tools } = await open([server], { env: { DESK_TOKEN: "t-1", OTHER_TOKEN: "t-2" } });
    const { results } = await ask("toolCalls", tools, [call("desk__variables"), { text: "So." }]);
    const [names, token] = JSON.parse(results[0]?.text ?? "");
    expect(token).toBe("t-1");
    expect(names).toContain("PATH");
    expect(names).not.toContain("OTHER_TOKEN");
    expect(names.filter((name: string) => /VITEST|LLM_STACK/.test(name))).toEqual([]);
  });

  it("does not write to this process's standard error", async () => {
    const mark = newMark();
    const code = `import(${JSON.stringify(path("../../../agent/mcp.ts"))}).then(async ({ connectMcp }) => {
      const { tools, close } = await connectMcp([${JSON.stringify(program(mark))}], { env: process.env });
      console.log(tools.length);
      await close();
    })`;
    const child = spawn(process.execPath, ["--import", typescript, "-e", code]);
    const [out, error] = await Promise.all(
      [child.stdout, child.stderr].map(async (stream) => Buffer.concat(await stream.toArray()).toString()),
    );
    expect(error).toBe("");
    expect(out).toBe("5\n");
    expect(running(mark)).toEqual([]);
  });

  it("that cannot be started is named, and the others are ended", async () => {
    const mark = newMark();
    const said = await message(
      connectMcp([program(mark), { name: "gone", command: "/no/such/program" }], { env: process.env }),
    );
    expect(said).toMatch(/^The MCP server `gone` \(program `\/no\/such\/program`\) can't be used \(.*ENOENT/);
    expect(said).toContain("`llm-stack:agent`");
    expect(running(mark)).toEqual([]);
  });

  it("that ends at once is named with its last words, but without the values it got", async () => {
    const code = 'console.error("bad token " + process.env.DESK_TOKEN); process.exit(1)';
    const said = await message(
      connectMcp([script("rude", code, newMark(), ["DESK_TOKEN"])], { env: { DESK_TOKEN: "t-secret" } }),
    );
    expect(said).toContain("`rude`");
    expect(said).toContain("it said: bad token …)");
  });

  it("that never answers is named and ended", async () => {
    const mark = newMark();
    const server = script("mute", "process.stdin.on('end', () => process.exit()).resume()", mark);
    const said = await message(connectMcp([server], { env: {}, seconds: 0.5 }));
    expect(said).toContain("The MCP server `mute`");
    expect(said).toContain("no answer within 0.5 s");
    expect(running(mark)).toEqual([]);
  });

  it("is not started without the variable that it needs", async () => {
    const mark = newMark();
    const said = await message(connectMcp([{ ...program(mark), env: ["DESK_TOKEN"] }], { env: {} }));
    expect(said).toContain("`desk` needs the environment variable `DESK_TOKEN`");
    expect(running(mark)).toEqual([]);
  });
});

describe("an MCP server at an address", () => {
  it("lends its tools, and gets the headers", async () => {
    const { url, requests } = await served();
    const { tools } = await open([{ name: "office", url, headers: { Authorization: "OFFICE_LOGIN" } }], {
      env: { OFFICE_LOGIN: "Bearer t-1" },
    });
    const { results, answer } = await ask("toolCalls", tools, [
      call("office__add", { a: 2, b: 40 }),
      { text: "It is 42." },
    ]);
    expect(results).toMatchObject([{ name: "office__add", ok: true, text: "42" }]);
    expect(answer.answer).toBe("It is 42.");
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer t-1"]));
  });

  it("that never answers is named", async () => {
    const port = await serve(() => {});
    const said = await message(
      connectMcp([{ name: "mute", url: `http://127.0.0.1:${port}/mcp` }], { env: {}, seconds: 0.3 }),
    );
    expect(said).toContain("`mute`");
    expect(said).toContain("no answer within 0.3 s");
  });

  it("that nobody listens at is named, with why", async () => {
    const said = await message(connectMcp([{ name: "off", url: "http://127.0.0.1:1/mcp" }], { env: {} }));
    expect(said).toMatch(/`off` \(address `http:\/\/127\.0\.0\.1:1\/mcp`\) can't be used \(fetch failed: \S/);
  });

  it("that leads elsewhere does not make the headers go there", async () => {
    const { url, requests } = await served();
    const port = await serve((_, outgoing) => void outgoing.writeHead(307, { location: url }).end());
    const server = { name: "moved", url: `http://127.0.0.1:${port}/`, headers: { "X-Key": "OFFICE_KEY" } };
    expect(await message(connectMcp([server], { env: { OFFICE_KEY: "t-1" } }))).toContain("redirect");
    expect(requests).toEqual([]);
  });
});

describe.each<Way>(["toolCalls", "react"])("an MCP server's tool, called by %s", (way) => {
  const once = async (name: string, args?: Record<string, unknown>) => {
    const { url } = await served();
    const { tools } = await open([{ name: "desk", url }]);
    return ask(way, tools, [call(name, args), { text: "So." }]);
  };

  it("gives its result, fenced", async () => {
    const { results, model } = await once("desk__add", { a: 2, b: 40 });
    expect(results).toMatchObject([{ ok: true, text: "42" }]);
    expect(model.requests[1]?.at(-1)?.text).toContain("<tool_result>\n42\n</tool_result>");
  });

  it("that fails is a failed result, and the answer goes on", async () => {
    const { results, answer } = await once("desk__fail");
    expect(results).toMatchObject([{ ok: false, text: expect.stringContaining("the desk is closed") }]);
    expect(answer.answer).toBe("So.");
  });

  it("gives blocks as text, without data that is none", async () => {
    const { results } = await once("desk__many_blocks");
    expect(results).toMatchObject([
      {
        ok: true,
        text: "First.\n[image, image/png, not shown]\nA note.\nmore – https://desk.test/more",
      },
    ]);
  });

  it("gives structured content as text when there is no other", async () => {
    expect((await once("desk__structured")).results).toMatchObject([{ ok: true, text: '{"colour":"red"}' }]);
  });
});

describe("the tools' names", () => {
  it("are what a model's API takes, each once, and none that is taken", () => {
    expect(toolNames(["a__b.c", "a__b_c", "a__ö", "calc"], ["calc"])).toEqual([
      "a__b_c",
      "a__b_c_2",
      "a___",
      "calc_2",
    ]);
    const [long, other] = toolNames([`a__${"x".repeat(80)}`, `a__${"x".repeat(81)}`]);
    expect(long).toHaveLength(64);
    expect(other).toHaveLength(64);
    expect(other).toMatch(/_2$/);
  });
});

describe("a stack's agent", () => {
  const proxy = async () => {
    const port = await serve((incoming, outgoing) => {
      if (incoming.method === "POST") {
        outgoing.statusCode = 400;
        outgoing.setHeader("content-type", "application/json");
        outgoing.end(JSON.stringify({ error: { message: "Invalid model name passed in", type: "None" } }));
        return;
      }
      const info = [{ model_name: "tiny", model_info: { mode: "chat" } }];
      const list = [{ id: "tiny" }];
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(JSON.stringify({ data: incoming.url?.includes("info") ? info : list }));
    });
    return { baseUrl: `http://127.0.0.1:${port}/v1`, key: "sk-test" };
  };

  it("has the servers' tools beside its own, until it is closed", async () => {
    const mark = newMark();
    const agent = await createStackAgent({
      endpoint: await proxy(),
      mcpServers: [program(mark)],
      env: process.env,
    });
    const names = agent.tools.map(({ name }) => name);
    expect(names).toContain("calculator");
    expect(names).toContain("desk__add");
    await agent.close();
    expect(running(mark)).toEqual([]);
  });

  it("starts no server when the model is unknown", async () => {
    const mark = newMark();
    await expect(
      createStackAgent({ endpoint: await proxy(), model: "nope", mcpServers: [program(mark)] }),
    ).rejects.toMatchObject({ kind: "modelUnknown" });
    expect(running(mark)).toEqual([]);
  });
});
