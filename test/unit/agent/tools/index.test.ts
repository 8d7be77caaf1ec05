import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Http } from "../../../../agent/http/index.ts";
import { loadTools } from "../../../../agent/tools/index.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
const summary: Http = {
  get: async (url) => ({
    url,
    status: url.endsWith("/Ada_Lovelace") ? 200 : 404,
    contentType: "application/json",
    text: JSON.stringify({ extract: "A mathematician." }),
    cut: false,
  }),
};

/** A folder of tools beside the project's packages. */
function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "llm-stack-tools-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  const folder = join(root, "tools");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The tool in the doc comment of `agent/tools/index.ts`. */
function documentedTool(): string {
  const source = readFileSync(join(ROOT, "agent/tools/index.ts"), "utf8");
  const lines = /```ts\n([\s\S]*?) \* ```/.exec(source)?.[1]?.split("\n") ?? [];
  return lines.map((line) => line.replace(/^ \* ?/, "")).join("\n");
}

const toolNamed = (name: string) => `
  import { tool } from "@langchain/core/tools";
  import { z } from "zod";
  export default () => tool(() => "${name}", { name: "${name}", description: "-", schema: z.object({}) });`;

test("the documented example is a complete tool", async () => {
  const [tool, ...others] = await loadTools(
    { http: summary },
    folderWith({ "encyclopedia.ts": documentedTool() }),
  );
  expect(others).toEqual([]);
  expect(tool?.name).toBe("encyclopedia");
  expect(await tool?.invoke({ subject: "Ada Lovelace" })).toBe("A mathematician.");
  expect(await tool?.invoke({ subject: "Nobody" })).toBe('The encyclopedia has no article "Nobody".');
});

test("it runs on Node.js as the commands start it, beside the project's own tools", () => {
  const folder = folderWith({ "encyclopedia.ts": documentedTool() });
  const script = `
    const { loadTools } = await import(${JSON.stringify(pathToFileURL(join(ROOT, "agent/tools/index.ts")).href)});
    const http = { get: async () => ({ status: 404 }) };
    const names = async (folder) => (await loadTools({ http }, folder)).map(({ name }) => name);
    console.log(JSON.stringify([await names(), await names(${JSON.stringify(folder)})]));`;
  const loader = pathToFileURL(join(ROOT, "setup/typescript.mjs")).href;
  const output = execFileSync(
    process.execPath,
    ["--import", loader, "--input-type=module", "--eval", script],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  expect(JSON.parse(output)).toEqual([
    ["calculator", "current_time", "fetch_page", "web_search"],
    ["encyclopedia"],
  ]);
});

test("tools come in the order of their files; index.ts, tests, declarations and other files are none", async () => {
  const folder = folderWith({
    "b.ts": toolNamed("b"),
    "a.ts": toolNamed("a"),
    "nothing.ts": "export default () => undefined;",
    "index.ts": "throw new Error('loaded');",
    "a.test.ts": "throw new Error('loaded');",
    "a.d.ts": "throw new Error('loaded');",
    "readme.md": "none",
  });
  expect((await loadTools({ http: summary }, folder)).map(({ name }) => name)).toEqual(["a", "b"]);
});

test.each([
  ["has no default export", "export const tool = 1;", /its default export must be a function/],
  ["returns no tool", "export default () => ({ name: 'x' });", /must return a tool/],
  ["fails", "export default () => { throw new Error('no key'); };", /no key/],
  ["can't be read", "export default (", /bad\.ts` can't be loaded: ./],
])("a file that %s is named", async (_, text, reason) => {
  const folder = folderWith({ "bad.ts": text, "good.ts": toolNamed("good") });
  const error = await loadTools({ http: summary }, folder).catch((error) => error);
  expect(error).toMatchObject({ name: "UserError", message: expect.stringMatching(reason) });
  expect(error.message).toContain(`The tool \`${join(folder, "bad.ts")}\` can't be loaded: `);
});

test("two tools of one name are refused", async () => {
  const folder = folderWith({ "a.ts": toolNamed("same"), "b.ts": toolNamed("same") });
  await expect(loadTools({ http: summary }, folder)).rejects.toThrow(
    /b\.ts`: another file has a tool `same`; rename one/,
  );
});
