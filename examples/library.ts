// The agent as a library. From the project's folder, with the stack up:
//   eval "$(npm run -s env)"; node --import ./setup/typescript.mjs examples/library.ts
import { createStackAgent, findEndpoint } from "../agent/index.ts";

const root = process.cwd();
const endpoint = await findEndpoint({ root, stack: process.env.PULUMI_STACK ?? "dev", env: process.env });
const agent = await createStackAgent({ endpoint });
const { answer, toolCalls } = await agent.ask("What is 17 % of 230?");
console.log(answer, toolCalls);
