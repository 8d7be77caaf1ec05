import { execa } from "execa";
import { usesStandIn } from "../../config/prepared.ts";
import { OWNER_LABEL } from "../../infra/labels.ts";
import type { Workspace } from "../../setup/prepare.ts";
import {
  type ContainerState,
  type DeclaredContainer,
  declaredContainers,
  inspectContainers,
} from "../docker/containers.ts";
import { findLiteLlmDrift, type LiteLlmDrift } from "../litellm/drift.ts";
import { type DeploymentResult, verifyModels } from "../litellm/verify.ts";
import { renderLiteLlmDrift } from "../output/litellm-drift.ts";
import { table } from "../output/table.ts";
import { ensureStack, isVolume, type StateResource, stackOutputs, stackResources } from "../pulumi/pulumi.ts";

/** One container in the status. */
export interface ContainerStatus extends ContainerState {
  readonly service: DeclaredContainer["service"];
  /** Version of the service, such as `1.73.0`. */
  readonly version: string;
  /** Whether the image was pulled or built here. */
  readonly source: "pulled" | "built";
  /** For a model server: its models, with the honest name of one that stands in for another. */
  readonly models?: readonly string[];
  /** Memory in use and its limit, such as `512MiB / 4GiB`. */
  readonly memory?: string;
}

/** What `npm run status` tells. */
export interface Status {
  readonly stack: string;
  readonly deployed: boolean;
  readonly engine: string;
  readonly containers: readonly ContainerStatus[];
  readonly models: readonly DeploymentResult[];
  /** Which model plays `tinyllama`, where the Ollama registry cannot be reached. */
  readonly standIn?: string;
  /** Volumes of this stack which nothing declares any more. */
  readonly leftOver: readonly string[];
  /** What LiteLLM holds besides what is declared; undefined while nothing is deployed. */
  readonly byHand?: LiteLlmDrift;
}

/** Shows each container and each model. Returns whether all is well. */
export async function status(workspace: Workspace, options: { json?: boolean } = {}): Promise<boolean> {
  const found = await readStatus(workspace);
  console.log(options.json ? JSON.stringify(found, null, 2) : render(found));
  return isWell(found);
}

/** Whether every container is healthy and every verified deployment answers. */
export function isWell(status: Status): boolean {
  return (
    status.deployed &&
    status.containers.every((container) => container.state === "running" && container.health === "healthy") &&
    status.models.every((model) => model.verdict !== "fails")
  );
}

/** Looks at each container and each model. */
export async function readStatus(workspace: Workspace): Promise<Status> {
  await ensureStack(workspace);
  const declared = declaredContainers(workspace.config);
  const [states, memory, outputs, resources] = await Promise.all([
    inspectContainers(declared.map(({ name }) => name)),
    memoryUse(declared.map(({ name }) => name)),
    stackOutputs(workspace),
    stackResources(workspace),
  ]);
  const { standIn } = workspace.prepared;
  const [models, byHand] =
    outputs === undefined
      ? [[], undefined]
      : await Promise.all([
          verifyModels(outputs, workspace.config.models, 60),
          findLiteLlmDrift(workspace.config, outputs, resources),
        ]);
  return {
    stack: workspace.stack,
    deployed: outputs !== undefined,
    engine: `Docker ${workspace.engine.version}`,
    containers: declared.map(({ service, aliases }, index) => {
      const state = states[index] as ContainerState;
      const used = memory.get(state.name);
      return {
        ...state,
        service,
        version: workspace.prepared.images[service].version,
        source: workspace.prepared.images[service].source,
        ...(service === "ollama" && { models: modelsOf(workspace, aliases) }),
        ...(used && { memory: used }),
      };
    }),
    models,
    ...(standIn && {
      standIn: `${standIn.for} is played by ${standIn.name}: the Ollama registry cannot be reached`,
    }),
    leftOver: await leftOverVolumes(resources),
    ...(byHand && { byHand }),
  };
}

function modelsOf({ config, prepared }: Workspace, aliases: readonly string[]): string[] {
  const server = config.ollama.find(({ name }) => aliases.includes(name));
  return (server?.models ?? []).map((model) =>
    usesStandIn(model, prepared.standIn) ? `${model.name} (${prepared.standIn?.name})` : model.name,
  );
}

/** Volumes labelled with this stack's id that are not in its state. */
export async function leftOverVolumes(resources: readonly StateResource[]): Promise<string[]> {
  const owner = resources.find((resource) => resource.type === "random:index/randomId:RandomId")?.outputs
    ?.hex;
  if (typeof owner !== "string") return [];
  const { stdout } = await execa("docker", [
    "volume",
    "ls",
    "--quiet",
    "--filter",
    `label=${OWNER_LABEL}=${owner}`,
  ]);
  const known = new Set(
    resources.map((resource) => (isVolume(resource) ? resource.outputs?.name : undefined)),
  );
  return stdout.split("\n").filter((name) => name !== "" && !known.has(name));
}

async function memoryUse(names: readonly string[]): Promise<Map<string, string>> {
  const running = (await inspectContainers(names))
    .filter(({ state }) => state === "running")
    .map(({ name }) => name);
  if (running.length === 0) return new Map();
  const { stdout } = await execa("docker", [
    "stats",
    "--no-stream",
    "--format",
    "{{.Name}}\t{{.MemUsage}}",
    ...running,
  ]);
  return new Map(stdout.split("\n").map((line) => line.split("\t") as [string, string]));
}

function render(status: Status): string {
  const containers = status.containers.map((container) => [
    container.name,
    container.state,
    container.health,
    `${container.service} ${container.version} (${container.source})`,
    container.memory ?? "",
    container.models?.join(", ") ?? "",
  ]);
  const models = status.models.map((model) => [model.model, model.id, model.verdict, model.reason ?? ""]);
  return [
    `Stack ${status.stack} on ${status.engine}${status.deployed ? "" : ": not deployed (npm run up)"}`,
    "",
    table([["CONTAINER", "STATE", "HEALTH", "VERSION", "MEMORY", "MODELS"], ...containers]),
    ...(models.length > 0 ? ["", table([["MODEL", "DEPLOYMENT", "VERDICT", ""], ...models])] : []),
    ...(status.standIn ? ["", `Note: ${status.standIn}.`] : []),
    ...(status.leftOver.length > 0
      ? [
          "",
          `Left over (no server uses them; \`npm run destroy\` removes them, or \`docker volume rm\`): ${status.leftOver.join(", ")}`,
        ]
      : []),
    ...(status.byHand ? renderLiteLlmDrift(status.byHand) : []),
  ].join("\n");
}
