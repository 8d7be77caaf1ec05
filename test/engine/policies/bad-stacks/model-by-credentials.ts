import { Model, Provider } from "../../../../provider/resources.ts";
import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: (stack) => {
    const endpoint = "http://127.0.0.1:4444";
    const provider = new Provider("provider", { endpoint, masterKey: "sk-of-their-own" }, { parent: stack });
    const credentials = { api_base: "https://llm.example.org" };
    new Model("gpt", { modelName: "gpt", model: "openai/gpt-4o", credentials }, { parent: stack, provider });
  },
  violates: [
    [
      "model-endpoint-allowed",
      "`credentials.api_base` of `gpt` points at `llm.example.org`, which is neither on the stack's network nor allowed. Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
    ],
  ],
} satisfies BadStack;
