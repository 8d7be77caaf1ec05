/** The command line: `npm run up`, `npm run status`, … */

import { Command, InvalidArgumentError } from "commander";
import { ConfigError, UserError } from "../config/errors.ts";
import { stackConfigFromFiles } from "../config/from-files.ts";
import { cacheDir } from "../setup/cache.ts";
import { stopEngine } from "../setup/engine.ts";
import { destroy } from "./commands/destroy.ts";
import { down } from "./commands/down.ts";
import { env } from "./commands/env.ts";
import { logs } from "./commands/logs.ts";
import { pin } from "./commands/pin.ts";
import { spend } from "./commands/spend.ts";
import { status } from "./commands/status.ts";
import { test } from "./commands/test.ts";
import { parseDays } from "./litellm/spend-report.ts";
import { print, printError, printFault } from "./output/terminal.ts";
import { prepare, prepareToolchain } from "./prepare.ts";
import { Interrupted, PulumiFailed } from "./pulumi/pulumi.ts";

const root = process.env.LLM_STACK_ROOT ?? process.cwd();

const program = new Command("llm-stack")
  .description("A self-hosted LLM stack (LiteLLM, PostgreSQL, Ollama) on Docker")
  .option("--stack <name>", "the stack to work on", process.env.PULUMI_STACK ?? "dev")
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

/** What a command that fails ends with. */
let failureCode = 1;
const stack = () => program.opts<{ stack: string }>().stack;

program
  .command("up")
  .description("prepare the machine, deploy the stack, and verify that every model answers")
  .option("--recreate <name>", "replace this container even if nothing changed")
  .option("--adopt", "take over volumes with this stack's names that are not in its state")
  .option("--no-policy", "do not check the stack against the policy pack")
  .action(async (options) => {
    // Here, in `preview`, `policy` and `drift` only: this loads Pulumi's SDK, which takes a second.
    const [workspace, { up }] = await Promise.all([prepare(root, stack()), import("./commands/up.ts")]);
    await up(workspace, options);
  });

program
  .command("down")
  .description("remove containers and network; data, models and secrets are kept")
  .action(async () => down(await prepareToolchain(root, stack(), { quiet: true })));

program
  .command("destroy")
  .description("remove everything, data and secrets included; asks first")
  .option("--yes", "do not ask")
  .action(async (options) => destroy(await prepareToolchain(root, stack(), { quiet: true }), options));

program
  .command("preview")
  .description("show what `up` would change")
  .action(async () => {
    const [workspace, { preview }] = await Promise.all([
      prepare(root, stack()),
      import("./commands/preview.ts"),
    ]);
    await preview(workspace);
  });

program
  .command("policy")
  .description(
    "check the stack against the policy pack; exit code 1 if it must not be deployed, 2 if the check itself failed",
  )
  .option("--json", "for programs")
  .option("--sarif <file>", "also write the findings to a file, as SARIF for code hosts")
  .action(async (options) => {
    failureCode = 2;
    const [workspace, { policy }] = await Promise.all([
      prepare(root, stack(), { quiet: true }),
      import("./commands/policy.ts"),
    ]);
    if (!(await policy(workspace, options))) process.exitCode = 1;
  });

program
  .command("status")
  .description(
    "show each container and each model; exit code 1 if any of them is unhealthy or does not answer",
  )
  .option("--json", "for programs")
  .action(async (options) => {
    const well = await status(await prepare(root, stack(), { quiet: true }), options);
    if (!well) process.exitCode = 1;
  });

program
  .command("drift")
  .description(
    "show the differences between what is deployed and what is declared; exit code 1 if there are any, 2 if the check itself failed",
  )
  .option("--json", "for programs")
  .action(async (options) => {
    failureCode = 2;
    const [workspace, { drift }] = await Promise.all([
      prepare(root, stack(), { quiet: true }),
      import("./commands/drift.ts"),
    ]);
    if (await drift(workspace, options)) process.exitCode = 1;
  });

program
  .command("pin")
  .description("write the current digests of the image tags into Pulumi.<stack>.yaml")
  .option("--check", "only check; exit code 1 if a tag has moved or an image is not pinned")
  .option("--json", "for programs")
  .action(async (options) => {
    failureCode = 2;
    if (!(await pin(root, stack(), options))) process.exitCode = 1;
  });

program
  .command("spend")
  .description("show cost, tokens and requests by key, by model and by day")
  .option("--days <days>", "how many days, today included", parseDays, 30)
  .option("--json", "for programs, with exact numbers")
  .action(async (options) => spend(await prepareToolchain(root, stack(), { quiet: true }), options));

program
  .command("logs [name]")
  .description("show the logs of a container (`db` and `proxy` work too), or the last lines of each")
  .option("-f, --follow", "keep printing new lines")
  .option("--tail <lines>", "only the last lines")
  .action(async (name, options) => logs(stackConfigFromFiles(root, stack()), name, options));

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a number greater than 0.");
  return value;
}

/** Options that `ask` and `agent` share. */
const agentCommand = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option("--model <name>", "default: one that calls tools, balanced over the most servers")
    .option("--steps <n>", "limit on model calls for one question", parsePositive)
    .option(
      "--max-tokens <n>",
      "limit on the tokens of one question, with those of its history",
      parsePositive,
    )
    .option("--max-cost <dollars>", "limit on the cost of one question", parsePositive)
    .option("--timeout <seconds>", "limit on the time for one question", parsePositive)
    .option(
      "--allow-host <host:port>",
      "a private address that the agent may read pages from; repeatable",
      (host: string, hosts: string[]) => [...hosts, host],
      [],
    )
    .option("--verbose", "show each step");

agentCommand("ask", "answer one question, with tools; without a question it is read from standard input")
  .argument("[question...]")
  .option("--json", "for programs: answer, toolCalls, tokens, cost, seconds")
  .action(async (words: string[], options) => {
    const { ask } = await import("./commands/ask.ts");
    if (!(await ask(root, stack(), words, options))) process.exitCode = 1;
  });

agentCommand("agent", "chat with the stack's models in the terminal").action(async (options) => {
  const { agent } = await import("./commands/agent.ts");
  if (!(await agent(root, stack(), options))) process.exitCode = 1;
});

program
  .command("env")
  .description('print the settings for plain pulumi: eval "$(npm run -s env)"')
  .action(async () => {
    try {
      await env(await prepare(root, stack(), { quiet: true }));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // A missing secret is set by the very pulumi that this line brings.
      printError(`${error.message}\nPulumi itself can be used; \`pulumi up\` will say the same.`);
      await env(await prepareToolchain(root, stack(), { quiet: true }));
    }
  });

program
  .command("prepare")
  .description("only prepare the machine: engine, Pulumi, images, models")
  .action(async () => void (await prepare(root, stack())));

program
  .command("engine")
  .description("the Docker engine that llm-stack started")
  .command("stop")
  .description("stop it; an engine that was started by something else is left alone")
  .action(async () => print(await stopEngine()));

program
  .command("test")
  .description("run type check, lint and every test, on a real engine")
  .argument("[filter...]", "only test files whose path contains one of these")
  .option("--changed", "only test files affected by uncommitted changes")
  .action(async (filter: string[], options) => {
    await prepare(root, stack());
    if (!(await test(root, filter, options))) process.exitCode = 1;
  });

/** How long output may take to leave this process, in milliseconds. */
const LEAVE_MS = 2000;

try {
  await program.parseAsync();
} catch (error) {
  // What is meant for the user comes without a stack; anything else is a fault of ours.
  const interrupted = error instanceof Interrupted;
  const meant = interrupted || error instanceof UserError || error instanceof PulumiFailed;
  const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
  if (full)
    printError(`\nError: no space left on the disk; \`${cacheDir()}\` and Docker's images take about 5 GB.`);
  if (meant) printError(`\nError: ${error.message}`);
  else printFault(error);
  process.exitCode = interrupted ? 130 : failureCode;
  // A connection to a Pulumi that was killed would keep this process for good.
  setTimeout(() => process.exit(), LEAVE_MS).unref();
}
