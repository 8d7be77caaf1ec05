import { UserError } from "../../setup/errors.ts";
import type { Machine } from "../../setup/prepare.ts";
import { declaredContainers, lastLogLines, waitHealthy } from "../containers.ts";
import { ensureStack, pulumi, stackOutputs } from "../pulumi.ts";
import { askModel, type DeploymentResult, verifyModels } from "../verify.ts";

/** Options of {@link up}. */
export interface UpOptions {
  /** Name of a container to replace even if nothing changed. */
  readonly recreate?: string;
  /** Take over volumes that another stack made. */
  readonly adopt?: boolean;
}

/**
 * Deploys the stack, then checks it: every container healthy, every deployment answering through the proxy.
 *
 * @throws {UserError} naming what failed, with its last log lines
 */
export async function up(machine: Machine, options: UpOptions = {}): Promise<void> {
  await ensureStack(machine);
  await pulumi(machine, ["up", "--yes", "--refresh"], { env: options.adopt ? { LLM_STACK_ADOPT: "1" } : {} });
  await check(machine);
  await printAnswer(machine);
}

async function check(machine: Machine): Promise<void> {
  const containers = declaredContainers(machine.config);
  const unhealthy = await waitHealthy(
    containers.map((container) => container.name),
    300,
  );
  if (unhealthy.length > 0) {
    const reports = await Promise.all(
      unhealthy.map(
        async ({ name, state, health }) =>
          `\`${name}\` is ${state}, health: ${health}. Its last log lines:\n${indent(await lastLogLines(name))}`,
      ),
    );
    throw new UserError(`${reports.join("\n")}\nMend the cause, then \`npm run up -- --recreate NAME\`.`);
  }
}

async function printAnswer(machine: Machine): Promise<void> {
  const outputs = await stackOutputs(machine);
  if (outputs === undefined) throw new UserError("the stack has no outputs: `npm run up` did not deploy it");
  const results = await verifyModels(outputs, machine.config.models);
  const failed = results.filter((result) => result.verdict === "fails");
  if (failed.length > 0) throw new UserError(await failureReport(machine, failed));

  console.log(
    `\n${results.filter((r) => r.verdict === "answers").length} deployments answer through the proxy.`,
  );
  for (const result of results.filter((r) => r.verdict === "not verified")) {
    console.log(`  ${result.model} (${result.id}): not verified, ${result.reason}`);
  }
  console.log(
    `\n  OpenAI API  ${outputs.openaiBaseUrl}\n  Web UI      ${outputs.uiUrl}\n  Models      ${outputs.models.join(", ")}`,
  );
  const chat = machine.config.models.findLast(
    (model) => model.mode === "chat" && model.deployments.some((d) => d.kind === "server"),
  );
  if (chat !== undefined) {
    const question = "In one short sentence: what is a container?";
    console.log(`\n  ${chat.name} > ${question}\n  ${await askModel(outputs, chat.name, question, 40)}`);
  }
}

async function failureReport(machine: Machine, failed: readonly DeploymentResult[]): Promise<string> {
  const { namePrefix } = machine.config;
  const lines = failed.map(
    (result) => `\`${result.model}\` (deployment \`${result.id}\`) does not answer: ${result.reason}`,
  );
  const names = [
    ...new Set(
      failed.flatMap((result) =>
        result.server ? [`${namePrefix}${result.server}`] : [`${namePrefix}litellm`],
      ),
    ),
  ];
  const logs = await Promise.all(
    names.map(async (name) => `Last log lines of \`${name}\`:\n${indent(await lastLogLines(name))}`),
  );
  return [...lines, ...logs].join("\n");
}

const indent = (text: string) => text.replaceAll(/^/gm, "    ");
