/**
 * Measures requests a second on the balanced name, six at a time: with the cores divided among the servers (the default)
 * and with every server on all cores (Ollama's own default), which each request asks for. Needs the running `dev`
 * stack. From the project's folder: `node --import ./setup/typescript.mjs bench/balanced.ts`.
 */

import { prepare } from "../cli/prepare.ts";
import { stackOutputs } from "../cli/pulumi/stack.ts";
import { row } from "./figures.ts";

const CONCURRENCY = 6;
const REQUESTS = 60;
const workspace = await prepare(process.cwd(), "dev", { quiet: true });
const outputs = await stackOutputs(workspace);
if (outputs === undefined) throw new Error("`npm run up` first");
const { openaiBaseUrl, masterKey } = outputs;

async function ask(extra: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${openaiBaseUrl}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "tinyllama",
      messages: [{ role: "user", content: "Hi" }],
      max_tokens: 8,
      ...extra,
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  await answer.json();
}

async function rate(extra: Record<string, unknown>): Promise<number> {
  for (let i = 0; i < CONCURRENCY * 2; i++) await ask(extra); // the models load with these options
  const start = performance.now();
  let left = REQUESTS;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) await ask(extra);
    }),
  );
  return (REQUESTS * 1000) / (performance.now() - start);
}

const divided: number[] = [];
const all: number[] = [];
for (let run = 0; run < 3; run++) {
  divided.push(await rate({}));
  all.push(await rate({ num_thread: workspace.prepared.engine.cpus }));
}
console.log("requests a second on `tinyllama`, 6 at a time, 8 tokens each\n");
console.log(row("threads divided among the servers (default)", divided));
console.log(row(`${workspace.prepared.engine.cpus} threads in each server`, all));
