/**
 * Measures what the agent adds to a plain call, in turns, against a model on loopback that answers at once. Needs no
 * stack. From the project's folder: `node --import ./setup/typescript.mjs bench/agent.ts [RUNS]` (default 7).
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { createStackAgent } from "../agent/index.ts";
import { row, seconds } from "./figures.ts";

const runs = Number(process.argv[2] ?? 7);
const server = createServer((request, response) => {
  if (request.method === "GET") {
    const model = (name: string, tools: boolean) => ({
      model_name: name,
      model_info: { mode: "chat", supports_function_calling: tools },
    });
    const models = [model("caller", true), model("reasoner", false)];
    const data =
      request.url === "/model/info" ? models : models.map(({ model_name }) => ({ id: model_name }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data }));
    return;
  }
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (delta: object, finish_reason: string | null) =>
      response.write(
        `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
      );
    chunk({ role: "assistant", content: "Final Answer: yes" }, null);
    chunk({}, "stop");
    response.end("data: [DONE]\n\n");
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const question = "Is it?";

const plain = async () => {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "caller", stream: true, messages: [{ role: "user", content: question }] }),
  });
  await answer.text();
};
const inProcess = async (model: string) => {
  const agent = await createStackAgent({ endpoint: { baseUrl: `${url}/v1`, key: "sk-bench" }, model });
  return () => {
    agent.reset();
    return agent.ask(question);
  };
};
const command = () =>
  execa("npm", ["run", "-s", "ask", "--", "--model", "caller", question], {
    env: { LLM_STACK_URL: url, LLM_STACK_KEY: "sk-bench" },
  });

const rows: [string, () => Promise<unknown>, number[]][] = [
  ["plain call", plain, []],
  ["agent, model that calls tools", await inProcess("caller"), []],
  ["agent, model that gets its tools through the prompt", await inProcess("reasoner"), []],
  ["npm run ask, the whole command", command, []],
];
for (const [, work] of rows) await work(); // loads what is loaded once
for (let run = 0; run < runs; run++) for (const [, work, values] of rows) values.push(await seconds(work));
console.log(`seconds, ${runs} runs\n`);
for (const [name, , values] of rows) console.log(row(name, values));
server.close();
