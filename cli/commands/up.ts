import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../config/errors.ts";
import { PROXY } from "../../config/names.ts";
import type { Workspace } from "../../setup/prepare.ts";
import {
  type ContainerState,
  containerFor,
  declaredContainers,
  inspectContainers,
  lastLogLines,
  waitHealthy,
} from "../docker/containers.ts";
import { networksAndVolumes } from "../docker/network.ts";
import { refuseDowngrade } from "../litellm/downgrade.ts";
import { objectsMoved } from "../litellm/objects.ts";
import { proxyApi } from "../litellm/proxy-api.ts";
import { askModel, type DeploymentResult, verifyModels } from "../litellm/verify.ts";
import { print, printError } from "../output/terminal.ts";
import { type DeployOptions, deployStack } from "../pulumi/deploy.ts";
import { readyStack } from "../pulumi/heal.ts";
import { PulumiFailed } from "../pulumi/pulumi.ts";
import {
  isContainer,
  type Outputs,
  type StateResource,
  stackOutputs,
  stackResources,
} from "../pulumi/stack.ts";
import { needsRefresh } from "../pulumi/targets.ts";

/** Options of {@link up}. */
export interface UpOptions {
  /** Name of a container or service to replace even if nothing changed. */
  readonly recreate?: string;
  /** Take over volumes that are not in this stack's state. */
  readonly adopt?: boolean;
  /** Check the stack against the policy pack. Default: true. */
  readonly policy?: boolean;
}

/** How long containers may take to become healthy after Pulumi has ended. */
const HEALTHY_SECONDS = 300;
/** Between two looks at the containers while Pulumi deploys. */
const RESTARTS_MS = 2000;

/**
 * Deploys the stack, then checks it: every container healthy, every deployment answering through the proxy.
 *
 * @throws {UserError} naming what failed, with its last log lines
 */
export async function up(workspace: Workspace, options: UpOptions = {}): Promise<void> {
  await Promise.all([readyStack(workspace), refuseDowngrade(workspace)]);
  const deployed = await deployOptions(workspace, options);
  const deployment = new AbortController();
  const [advice] = await Promise.all([
    deployStack(workspace, deployed)
      .catch((error) => explain(workspace, error))
      .finally(() => deployment.abort()),
    tellRestarts(containersOf(workspace), deployment.signal),
  ]);
  const [outputs, resources] = await Promise.all([
    stackOutputs(workspace),
    stackResources(workspace),
    checkContainers(workspace),
  ]);
  if (outputs === undefined) throw new Error("the deployed stack has no outputs");
  // After a refresh too: where the proxy did not run, it compared nothing.
  if (await objectsMoved(proxyApi(outputs), resources)) {
    print("\nA key, team or model in LiteLLM differs from what is declared: restoring it.");
    await deployStack(workspace, { refresh: true, policy: deployed.policy });
  }
  await checkModels(workspace, outputs);
  if (advice > 0)
    print(`\n  ${advice} ${advice === 1 ? "advisory" : "advisories"} of the policy pack: npm run policy`);
}

async function deployOptions(
  workspace: Workspace,
  { recreate, adopt = false, policy = true }: UpOptions,
): Promise<DeployOptions> {
  const states = await inspectContainers(containersOf(workspace));
  if (recreate === undefined && states.every((container) => container.state === "running"))
    return { adopt, policy };
  const resources = await stackResources(workspace);
  const replace =
    recreate === undefined ? [] : [urnOfContainer(resources, containerFor(workspace.config, recreate))];
  return { adopt, policy, replace, refresh: needsRefresh(resources, states, await networksAndVolumes()) };
}

function urnOfContainer(resources: readonly StateResource[], name: string): string {
  const found = resources.find((resource) => isContainer(resource) && resource.outputs?.name === name);
  if (found === undefined) throw new UserError(`\`${name}\` is not deployed yet: \`npm run up\` deploys it.`);
  return found.urn;
}

async function checkContainers(workspace: Workspace): Promise<void> {
  const unhealthy = await waitHealthy(containersOf(workspace), HEALTHY_SECONDS);
  if (unhealthy.length > 0) throw new UserError(await unhealthyReport(unhealthy));
}

/** Throws what failed; Pulumi says only that a container did not become healthy, so its log is added. */
async function explain(workspace: Workspace, error: unknown): Promise<never> {
  if (!(error instanceof PulumiFailed)) throw error;
  // Where the engine is gone, Pulumi has said so.
  const states = await inspectContainers(containersOf(workspace)).catch(() => []);
  const unhealthy = states.filter(({ state, health }) => state !== "missing" && health !== "healthy");
  if (unhealthy.length === 0) throw error;
  throw new UserError(`${error.message}\n${await unhealthyReport(unhealthy)}`, { cause: error });
}

/** Pulumi waits minutes for a container to become healthy: tells meanwhile why one keeps restarting. */
async function tellRestarts(names: readonly string[], stop: AbortSignal): Promise<void> {
  const told = new Set<string>();
  while (!stop.aborted) {
    // Ctrl-C reaches the Docker client too. Whatever else is wrong with it, the deployment tells.
    for (const { name, health, restarts } of await inspectContainers(names).catch(() => [])) {
      if (restarts === 0 || health === "healthy" || told.has(name)) continue;
      told.add(name);
      printError(
        `\n\`${name}\` exited and was restarted. Its last log lines:\n${indent(await lastLogLines(name))}\n`,
      );
    }
    await sleep(RESTARTS_MS, undefined, { signal: stop }).catch(() => {}); // Woken at the end.
  }
}

const containersOf = (workspace: Workspace) => declaredContainers(workspace.config).map(({ name }) => name);

async function unhealthyReport(unhealthy: readonly ContainerState[]): Promise<string> {
  const reports = await Promise.all(
    unhealthy.map(
      async ({ name, state, health }) =>
        `\`${name}\` is ${state}, health: ${health}. Its last log lines:\n${indent(await lastLogLines(name))}`,
    ),
  );
  return `${reports.join("\n")}\nFix the cause, then run \`npm run up -- --recreate NAME\`.`;
}

async function checkModels(workspace: Workspace, outputs: Outputs): Promise<void> {
  const { models } = workspace.config;
  const question = "In one short sentence: what is a container?";
  const chat = models.findLast(
    ({ mode, deployments }) => mode === "chat" && deployments.some((d) => d.kind === "server"),
  );
  const results = await verifyModels(outputs, models);
  const failed = results.filter((result) => result.verdict === "fails");
  if (failed.length > 0) throw new UserError(await failureReport(workspace, failed));

  print(`\n${results.filter((r) => r.verdict === "answers").length} deployments answer through the proxy.`);
  for (const result of results.filter((r) => r.verdict === "not verified")) {
    print(`  ${result.model} (${result.id}): not verified, ${result.reason}`);
  }
  print(`
  OpenAI API  ${outputs.openaiBaseUrl}
  Web UI      ${outputs.uiUrl}
  Models      ${outputs.models.join(", ")}
  Agent       npm run -s agent
  Master key  eval "$(npm run -s env)"; pulumi stack output masterKey --show-secrets`);
  const { standIn } = workspace.prepared;
  if (standIn)
    print(`  Note        ${standIn.for} is served by ${standIn.name}, as the Ollama registry is unavailable`);
  if (chat === undefined) return;
  print(`\n  ${chat.name} > ${question}`);
  print(`  ${await askModel(outputs, chat.name, question, 40)}`);
}

async function failureReport(workspace: Workspace, failed: readonly DeploymentResult[]): Promise<string> {
  const { namePrefix } = workspace.config;
  const lines = failed.map(
    (result) => `\`${result.model}\` (deployment \`${result.id}\`) does not answer: ${result.reason}`,
  );
  const names = [...new Set(failed.map((result) => `${namePrefix}${result.server ?? PROXY.container}`))];
  const logs = await Promise.all(
    names.map(async (name) => `Last log lines of \`${name}\`:\n${indent(await lastLogLines(name))}`),
  );
  return [...lines, ...logs].join("\n");
}

const indent = (text: string) => text.replaceAll(/^/gm, "    ");
