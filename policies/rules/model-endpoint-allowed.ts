import { type DeclaredModel, declaredModels, isHostOfStack } from "../models.ts";
import type { Resource } from "../resource.ts";
import type { Options, StackRule } from "../rule.ts";
import { owasp } from "../sources.ts";
import { eachKnown } from "../unknown.ts";

export const modelEndpointAllowed: StackRule = {
  name: "model-endpoint-allowed",
  description: "Every model is served on the stack's network or by an allowed provider.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Point it at a container of the stack, or allow the host (`hosts` of this rule) or the provider (`providers`) in the policy config.",
  sources: [
    { id: "LiteLLM, config settings", url: "https://docs.litellm.ai/docs/proxy/config_settings" },
    {
      id: "OWASP Top 10 for LLM Applications 2025, LLM02",
      url: "https://genai.owasp.org/llmrisk/llm022025-sensitive-information-disclosure/",
    },
    owasp(13),
  ],
  options: {
    hosts: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Hosts besides the stack's own that may serve models, such as `llm.example.org`.",
    },
    providers: {
      type: "array",
      items: { type: "string" },
      default: [
        "openai",
        "anthropic",
        "azure",
        "azure_ai",
        "bedrock",
        "cohere",
        "deepseek",
        "fireworks_ai",
        "gemini",
        "groq",
        "huggingface",
        "mistral",
        "openrouter",
        "perplexity",
        "together_ai",
        "vertex_ai",
        "xai",
        "nvidia_nim",
        "cerebras",
        "voyage",
      ],
      description: "Providers, by LiteLLM's names, that may serve models without an address of their own.",
    },
  },
  *stack(resources, options) {
    yield* eachKnown(declaredModels(resources), function* (model) {
      if ("unreadable" in model) yield model;
      else
        for (const problem of problemsOf(model, resources, options))
          yield { resource: model.resource, problem };
    });
  },
};

/** What is wrong with where a model is served. */
function* problemsOf(
  { at, params, variable }: DeclaredModel,
  resources: readonly Resource[],
  options: Options,
): Generator<string> {
  // LiteLLM takes either, and the second if both are there.
  const given = ["api_base", "base_url"].filter((property) => params[property]);
  for (const property of given) yield* addressProblem(at(property), params[property]);
  if (given.length > 0) return;

  const { model, custom_llm_provider: own } = params;
  if (typeof model !== "string") {
    yield `${at("model")} names no model`;
    return;
  }
  const provider = typeof own === "string" && own ? own : providerOf(model);
  for (const name of baseVariables(provider)) {
    const value = variable(name);
    if (!value) continue;
    yield* addressProblem(`\`${name}\`, the address of ${at("model")},`, value);
    return;
  }
  if (provider.startsWith("ollama"))
    yield `${at("model")} has no \`api_base\`, and Ollama's default is LiteLLM's own container`;
  else if (!(options.providers as readonly string[]).includes(provider))
    yield `${at("model")} has the provider \`${provider}\`, which is not allowed`;

  function* addressProblem(place: string, value: unknown): Generator<string> {
    const reference = typeof value === "string" ? /^os\.environ\/(.+)$/.exec(value)?.[1] : undefined;
    const address = reference === undefined ? value : variable(reference);
    if (address === undefined || address === "") {
      yield `${place} is \`os.environ/${reference}\`, which is not set`;
      return;
    }
    const host = hostOf(address);
    if (host === undefined) yield `${place} is not a URL`;
    else if (!(options.hosts as readonly string[]).includes(host) && !isHostOfStack(host, resources))
      yield `${place} points at \`${host}\`, which is neither on the stack's network nor allowed`;
  }
}

/** The provider that LiteLLM takes a model from. A name that clients may complete, such as `*`, means any. */
function providerOf(model: string): string {
  const [first = ""] = model.split("/");
  return model.includes("/") || first.startsWith("*") ? first : "openai";
}

/** The environment variables that give LiteLLM's providers another address. */
function baseVariables(provider: string): string[] {
  const name = provider === "ollama_chat" ? "OLLAMA" : provider.toUpperCase();
  return [`${name}_API_BASE`, `${name}_BASE_URL`];
}

function hostOf(address: unknown): string | undefined {
  try {
    return new URL(String(address)).hostname || undefined;
  } catch {
    return undefined;
  }
}
