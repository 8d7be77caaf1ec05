import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { callsIn, cliProgram, problemOf, SCRIPTS } from "../../support/cli-program.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const folder = (name: string) =>
  readdirSync(join(ROOT, name)).flatMap((file) => (file.endsWith(".md") ? [`${name}/${file}`] : []));
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...folder("docs"), ...folder("docs/decisions")];

let program: Command;
beforeAll(async () => {
  program = await cliProgram();
}, 60_000);

/** A heading's anchor, as GitHub makes it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}
const withoutCode = (page: string) => page.replaceAll(/^ *```[\s\S]*?^ *```/gm, "");
const anchors = (page: string) =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));

describe.each(pages)("%s", (page) => {
  const text = read(page);

  it("names only commands and options that exist", () => {
    const wrong = callsIn(text).flatMap((call) => {
      const problem = problemOf(program, call);
      return problem === undefined ? [] : [`${call.text}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });

  it("names only files of the project that exist", () => {
    const files = [
      ...text.matchAll(/node --import (\S+) (\S+\.ts)/g),
      ...text.matchAll(/npx vitest run --project \w+ (?:-\w+ )?(\S+\/\S+\.ts)/g),
    ].flatMap(([, ...paths]) => paths);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it("links to files and headings that exist", () => {
    const links = [...withoutCode(text).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const dead = links.filter((link) => {
      const [path = "", heading] = link.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, file))) return true;
      return heading !== undefined && !anchors(read(file)).includes(heading);
    });
    expect(dead).toEqual([]);
  });
});

it("the pages name every command, and the README most of them", () => {
  const called = new Set(pages.flatMap((page) => callsIn(read(page)).map(({ script }) => script)));
  const commands = Object.keys(SCRIPTS).filter((name) => SCRIPTS[name]?.includes("bootstrap.mjs"));
  expect(commands.filter((name) => !called.has(name))).toEqual([]);
  expect(callsIn(read("README.md")).length).toBeGreaterThan(20);
});

it.each([
  ["npm run upp", "package.json has no script `upp`"],
  ["npm run up -- --recreat db", "`up` has no option `--recreat`"],
  ["npm run engine -- start", "`engine` has no `start`"],
  ["| `npm run pin` | writes; `-- --chek` |", "`pin` has no option `--chek`"],
  ["npm run lint -- --loud", "`lint` is given arguments"],
])("finds what is wrong with %s", (line, problem) => {
  expect(callsIn(line).map((call) => problemOf(program, call))).toContain(problem);
});

it.each([
  "npm run up -- --stack two --recreate db",
  "npm test -- test/unit",
  "npm run -s ask -- 'a --b'",
])("finds nothing wrong with %s", (line) => {
  expect(callsIn(line).map((call) => problemOf(program, call))).toEqual([undefined]);
});

it("the README is short", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(130);
});
