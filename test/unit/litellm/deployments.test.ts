import { expect, it } from "vitest";
import { deploymentEntry } from "../../../litellm/deployments.ts";

const server = { id: "m@a", kind: "server" as const, server: "a", model: "llama3.2", tools: true };
const provider = {
  id: "m@openai",
  kind: "provider" as const,
  provider: "openai" as const,
  model: "q",
  secret: "officeApiKey",
  tools: undefined,
};

it("a chat model on a server goes to Ollama's chat API, and costs nothing", () => {
  expect(deploymentEntry({ mode: "chat" }, server)).toEqual({
    id: "m@a",
    model: "ollama_chat/llama3.2",
    apiBase: "http://a:11434",
    params: { input_cost_per_token: 0, output_cost_per_token: 0 },
    modelInfo: { mode: "chat", supports_function_calling: true },
  });
});

it("an embedding model on a server goes to Ollama's OpenAI-compatible API, which takes any key", () => {
  expect(deploymentEntry({ mode: "embedding" }, server)).toMatchObject({
    model: "openai/llama3.2",
    apiBase: "http://a:11434/v1",
    secret: "none",
  });
});

it("a provider's model has its price for a single token, or LiteLLM's own", () => {
  const price = { input: 0.1, output: 0.7 };
  expect(deploymentEntry({ mode: "chat" }, { ...provider, apiBase: "http://gpu.example/v1", price })).toEqual(
    {
      id: "m@openai",
      model: "openai/q",
      apiBase: "http://gpu.example/v1",
      secret: "officeApiKey",
      params: { input_cost_per_token: 1e-7, output_cost_per_token: 7e-7 },
      modelInfo: { mode: "chat" },
    },
  );
  expect(deploymentEntry({ mode: "chat" }, provider).params).toEqual({});
});
