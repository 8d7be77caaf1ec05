/** What of the stack is up, and which models answer. */

import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { ToolFactory } from "./index.ts";

/** The part of `npm run status -- --json` that a model can use. */
const statusSchema = z.object({
  stack: z.string(),
  deployed: z.boolean(),
  containers: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      health: z.string().optional(),
      models: z.array(z.string()).optional(),
    }),
  ),
  models: z.array(
    z.object({ model: z.string(), id: z.string(), verdict: z.string(), reason: z.string().optional() }),
  ),
});

const stackStatus: ToolFactory = ({ status }) =>
  status &&
  tool(async () => describe(statusSchema.parse(await status())), {
    name: "stack_status",
    description: "The state of the LLM stack that you run on: its containers, and which models answer.",
    schema: z.object({}),
  });

export default stackStatus;

function describe({ stack, deployed, containers, models }: z.infer<typeof statusSchema>): string {
  if (!deployed) return `Stack ${stack} is not deployed; \`npm run up\` deploys it.`;
  return [
    `Stack ${stack}:`,
    ...containers.map(({ name, state, health, models }) => {
      const serves = models?.length ? `, serves ${models.join(", ")}` : "";
      return `- ${name}: ${health && health !== state ? `${state}, ${health}` : state}${serves}`;
    }),
    "Models:",
    ...models.map(
      ({ model, id, verdict, reason }) =>
        `- ${model} (${id}): ${verdict}${reason ? `: ${reason.split("\n")[0]?.slice(0, 200)}` : ""}`,
    ),
  ].join("\n");
}
