// The official OpenAI client. From the project's folder, with the stack up:
//   eval "$(npm run -s env)"
//   export LLM_STACK_URL=$(pulumi stack output proxyUrl) LLM_STACK_KEY=$(pulumi stack output agentKey --show-secrets)
//   node --import ./setup/typescript.mjs examples/openai-client.ts
import OpenAI from "openai";

const { LLM_STACK_URL, LLM_STACK_KEY } = process.env;
const client = new OpenAI({ baseURL: `${LLM_STACK_URL}/v1`, apiKey: LLM_STACK_KEY });
const stream = await client.chat.completions.create({
  model: "tinyllama",
  messages: [{ role: "user", content: "What is a container?" }],
  max_tokens: 60,
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
