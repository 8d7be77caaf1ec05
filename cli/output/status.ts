/** The status for people. */

import type { Status } from "../docker/stack-status.ts";
import { renderLiteLlmDrift } from "./litellm-drift.ts";
import { table } from "./table.ts";

/** Tables of containers and models, then notes. */
export function renderStatus(status: Status): string {
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
    ...renderLiteLlmDrift(status),
  ].join("\n");
}
