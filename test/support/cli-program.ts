/** The command line as it is declared, for tests of what names its commands. */

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { vi } from "vitest";

const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  scripts: Record<string, string>;
};
/** The scripts of package.json. */
export const SCRIPTS: Readonly<Record<string, string>> = scripts;

let declared: Promise<Command> | undefined;

/** The program of `cli/main.ts`, which does not run. */
export function cliProgram(): Promise<Command> {
  declared ??= loadProgram(); // A module is evaluated once.
  return declared;
}

async function loadProgram(): Promise<Command> {
  let program: Command | undefined;
  const parse = vi.spyOn(Command.prototype, "parseAsync").mockImplementation(async function (this: Command) {
    program = this;
    return this;
  });
  await import("../../cli/main.ts");
  parse.mockRestore();
  if (program === undefined) throw new Error("cli/main.ts parses no arguments");
  return program;
}

/** A call of `npm run SCRIPT -- ARGUMENTS`, or of `npm test`. */
export interface Call {
  readonly text: string;
  readonly script: string;
  readonly args: readonly string[];
}

const NPM = /npm (?:run (?:-s )?(?<script>[\w:-]+)|test)(?: -- (?<args>[^`#|;)]*))?/g;

/** The calls in a text. In a table's row, code such as `-- --json` belongs to the call before it. */
export function callsIn(text: string): Call[] {
  return text.split("\n").flatMap((line) => {
    const calls = [...line.matchAll(NPM)].map(({ 0: text, groups = {} }) => ({
      text,
      script: groups.script ?? "test",
      args: words(groups.args ?? ""),
    }));
    const last = calls.at(-1);
    if (last === undefined || !line.startsWith("|")) return calls;
    const further = [...line.matchAll(/`-- ([^`]*--[^`]*)`/g)];
    return [
      ...calls,
      ...further.map(({ 0: text, 1: args = "" }) => ({ text, script: last.script, args: words(args) })),
    ];
  });
}

/** Words of a shell's line; text in quotes is one. */
const words = (line: string) => line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];

/** What is wrong with a call: undefined when nothing is. */
export function problemOf(program: Command, { script, args }: Call): string | undefined {
  const run = SCRIPTS[script];
  if (run === undefined) return `package.json has no script \`${script}\``;
  const name = /cli\/bootstrap\.mjs (\S+)/.exec(run)?.[1];
  if (name === undefined) return args.length === 0 ? undefined : `\`${script}\` is given arguments`;
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) return `the CLI has no command \`${name}\``;
  const [first = ""] = args;
  if (command.commands.length > 0 && !command.commands.some((each) => each.name() === first))
    return `\`${name}\` has no \`${first}\``;
  const options = [program, command].flatMap((each) =>
    each.options.flatMap(({ short, long }) => [short, long]),
  );
  const wrong = args.find((word) => word.startsWith("-") && !["--help", ...options].includes(word));
  return wrong === undefined ? undefined : `\`${name}\` has no option \`${wrong}\``;
}
