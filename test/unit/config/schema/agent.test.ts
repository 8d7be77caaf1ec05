import { describe, expect, it } from "vitest";
import { parse, problemsOf } from "../../../support/stack-config.ts";

describe("MCP servers of the agent", () => {
  const servers = (...mcpServers: unknown[]) => ({ agent: { mcpServers } });

  it("are none by default", () => expect(parse({}).agent).toEqual({ mcpServers: [] }));

  it("are programs or URLs", () => {
    const { agent } = parse(
      servers(
        { name: "files", command: "npx", args: ["-y", "server"], env: ["FILES_TOKEN"] },
        { name: "office", url: "https://tools.example/mcp", headers: { Authorization: "OFFICE_LOGIN" } },
        { name: "plain", url: "http://127.0.0.1:8000/mcp" },
      ),
    );
    expect(agent.mcpServers).toEqual([
      { name: "files", command: "npx", args: ["-y", "server"], env: ["FILES_TOKEN"] },
      { name: "office", url: "https://tools.example/mcp", headers: { Authorization: "OFFICE_LOGIN" } },
      { name: "plain", url: "http://127.0.0.1:8000/mcp", headers: {} },
    ]);
  });

  it("have names of their own, even where another entry cannot be read", () => {
    const taken =
      "`agent.mcpServers[1].name`: the name `a` is taken by `agent.mcpServers[0].name`; choose another";
    expect(problemsOf(servers({ name: "a", command: "x" }, { name: "a", command: "y" }))).toEqual([taken]);
    expect(problemsOf(servers({ name: "a", command: "x" }, { name: "a", command: "" }))).toEqual([
      "`agent.mcpServers[1].command`: must be a program",
      taken,
    ]);
  });

  it.each([
    [
      { name: "a__b", command: "x" },
      "`agent.mcpServers[0].name`: must be letters and digits, with single `_` or `-` between them, at most 30",
    ],
    [
      { name: "a", url: "ftp://tools.example" },
      "`agent.mcpServers[0].url`: must be a URL such as `https://tools.example/mcp`",
    ],
    [
      { name: "a", url: "https://me:hidden@tools.example" },
      "`agent.mcpServers[0].url`: must not contain a user name or password; put the login into an environment variable, and name that under `headers`",
    ],
    [
      { name: "a", url: "https://tools.example", headers: { "X-Key": "A", "x-key": "B" } },
      "`agent.mcpServers[0].headers`: names a header twice, as capital letters do not count; remove one",
    ],
    [
      { name: "a", command: "x", env: ["TOKEN=hidden"] },
      "`agent.mcpServers[0].env[0]`: must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
    ],
    [
      { name: "a", url: "https://tools.example", headers: { "X-Key": "Bearer hidden" } },
      "`agent.mcpServers[0].headers.X-Key`: must be the name of an environment variable, such as `OFFICE_TOKEN`; its value stays out of the config",
    ],
    [
      { name: "a", url: "https://tools.example", headers: { "X Key": "KEY" } },
      '`agent.mcpServers[0].headers["X Key"]`: must be the name of a header',
    ],
    [
      { name: "a" },
      "`agent.mcpServers[0]`: must be a map with `name` and `command`, or a map with `name` and `url`",
    ],
    [{ name: "a", command: "x", arg: ["y"] }, "`agent.mcpServers[0].arg`: unknown key; did you mean `args`?"],
  ])("are refused with their place: %j", (server, problem) => {
    const problems = problemsOf(servers(server));
    expect(problems).toEqual([problem]);
    expect(problems.join()).not.toContain("hidden");
  });
});
