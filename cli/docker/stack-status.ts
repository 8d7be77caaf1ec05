/** What runs of a stack, and whether it answers. */

import { execa } from "execa";
import { usesStandIn } from "../../config/prepared.ts";
import type { Workspace } from "../../setup/prepare.ts";
import { findLiteLlmDrift, type LiteLlmDrift } from "../litellm/drift.ts";
import { type DeploymentResult, verifyModels } from "../litellm/verify.ts";
import { ensureStack, stackOutputs, stackResources } from "../pulumi/stack.ts";
import {
  type ContainerState,
  type DeclaredContainer,
  declaredContainers,
  inspectContainers,
} from "./containers.ts";
import { leftOverVolumes } from "./owner.ts";

/** One container in the status. */
export interface ContainerStatus extends ContainerState {
  readonly service: DeclaredContainer["service"];
  /** Version of the service, such as `1.73.0`. */
  readonly version: string;
  /** Whether the image was pulled or built here. */
  readonly source: "pulled" | "built";
  /** For a model server: its models, with the real name of one that stands in for another. */
  readonly models?: readonly string[];
  /** Memory in use and its limit, such as `512MiB / 4GiB`. */
  readonly memory?: string;
}

/** What `npm run status` tells. */
export interface Status extends LiteLlmDrift {
  readonly stack: string;
  readonly deployed: boolean;
  readonly engine: string;
  readonly containers: readonly ContainerStatus[];
  readonly models: readonly DeploymentResult[];
  /** Which model stands in for `tinyllama`, where the Ollama registry is unavailable. */
  readonly standIn?: string;
  /** Volumes of this stack that are no longer declared. */
  readonly leftOver: readonly string[];
}

/** Whether every container is healthy and every verified deployment answers. */
export function isWell(status: Status): boolean {
  return (
    status.deployed &&
    status.containers.every((container) => container.state === "running" && container.health === "healthy") &&
    status.models.every((model) => model.verdict !== "fails")
  );
}

/** Of a stack that is not deployed. */
const NO_DRIFT: LiteLlmDrift = { overridden: [], unmanaged: [], unchecked: [] };

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
  const [models, drift] =
    outputs === undefined
      ? [[], NO_DRIFT]
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
      standIn: `${standIn.for} is served by ${standIn.name}, as the Ollama registry is unavailable`,
    }),
    leftOver: await leftOverVolumes(resources),
    ...drift,
  };
}

function modelsOf({ config, prepared }: Workspace, aliases: readonly string[]): string[] {
  const server = config.ollama.find(({ name }) => aliases.includes(name));
  return (server?.models ?? []).map((model) =>
    usesStandIn(model, prepared.standIn) ? `${model.name} (${prepared.standIn?.name})` : model.name,
  );
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
