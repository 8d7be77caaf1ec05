import {
  addressProblems,
  argumentsOf,
  type IsAllowed,
  isHostOfStack,
  redirections,
  variableProblems,
} from "../endpoints.ts";
import { type ConfigFile, configFiles, environment, isMapping, type Mapping } from "../litellm-config.ts";
import { type DeclaredModel, isServed, modelOf, modelsOf, proxiesOf } from "../models.ts";
import { type Container, isContainer, MODEL, type Resource } from "../resource.ts";
import type { Finding, StackRule } from "../rule.ts";
import { isSecretName } from "../secrets.ts";
import { serviceOf } from "../services.ts";
import { owasp } from "../sources.ts";
import { type Text, textsIn } from "../strings.ts";
import { eachKnown } from "../unknown.ts";

export const modelEndpointAllowed: StackRule = {
  name: "model-endpoint-allowed",
  description: "LiteLLM sends requests to the stack's network, allowed hosts and allowed providers only.",
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
      description: "Hosts besides the stack's own that LiteLLM may call, such as `llm.example.org`.",
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
    const hosts = (options.hosts as readonly string[]).map((host) => host.toLowerCase());
    const providers = options.providers as readonly string[];
    const allowedFor = (callers: () => readonly Container[]) => (host: string) =>
      hosts.includes(host) || isHostOfStack(host, callers(), resources);
    yield* eachKnown([...resources], (resource) => {
      if (resource.type === MODEL)
        return inResource(
          resource,
          resources,
          providers,
          allowedFor(() => proxiesOf(resources)),
        );
      return isContainer(resource) && serviceOf(resource, resources) === "litellm"
        ? inProxy(
            resource,
            hosts,
            providers,
            allowedFor(() => [resource]),
          )
        : [];
    });
  },
};

function* inResource(
  resource: Resource,
  resources: readonly Resource[],
  providers: readonly string[],
  isAllowed: IsAllowed,
): Generator<Finding> {
  const model = modelOf(resource, resources);
  yield* eachKnown(["address", "provider"], function* (what): Generator<Finding> {
    if (what === "provider")
      for (const problem of providerProblems(model, providers)) yield { resource, problem };
    else yield* eachKnown(Object.keys(resource.props), (key) => addressesIn(key));
  });

  function* addressesIn(argument: string): Generator<Finding> {
    // A key that is not known yet is no address.
    const value = argument === "credentials" ? credentials() : resource.props[argument];
    for (const { at, ...text } of textsIn(value, argument, argument))
      for (const problem of addressProblems(
        text,
        `\`${at}\` of \`${resource.name}\``,
        model.variable,
        isAllowed,
      ))
        yield { resource, problem };
  }

  function credentials(): Mapping {
    const given = (resource.props.credentials ?? {}) as Mapping;
    return Object.fromEntries(
      Object.keys(given).flatMap((name) => (isSecretName(name) ? [] : [[name, given[name]]])),
    );
  }
}

function* inProxy(
  container: Container,
  hosts: readonly string[],
  providers: readonly string[],
  isAllowed: IsAllowed,
): Generator<Finding> {
  const resource = container;
  yield* eachKnown([configs, started, surroundings], (check) => check());

  function* configs(): Generator<Finding> {
    yield* eachKnown(configFiles(container), function* (file): Generator<Finding> {
      if ("unreadable" in file) yield { resource, problem: file.problem };
      else yield* eachKnown([models, addresses, choices], (check) => check(file));
    });
  }

  function models(file: ConfigFile): Iterable<Finding> {
    return eachKnown(modelsOf(file), function* (model): Generator<Finding> {
      if ("problem" in model) yield model;
      else for (const problem of providerProblems(model, providers)) yield { resource, problem };
    });
  }

  function addresses(file: ConfigFile): Iterable<Finding> {
    return eachKnown(textsOf(file), function* ({ at, ...text }): Generator<Finding> {
      const place = `\`${at}\` in ${file.place}`;
      for (const problem of addressProblems(text, place, file.variable, isAllowed))
        yield { resource, problem };
    });
  }

  function* choices(file: ConfigFile): Generator<Finding> {
    for (const problem of clientChoices(file)) yield { resource, problem };
  }

  /** By which options LiteLLM is started: they stand for a config with one model. */
  function* started(): Generator<Finding> {
    const variable = environment(container);
    yield* eachKnown(argumentsOf(container), function* ({ place, option, value }): Generator<Finding> {
      const problems =
        option === "model" || (option === "m" && value.includes("/"))
          ? providerProblems({ resource, at: () => place, params: { model: value }, variable }, providers)
          : [];
      for (const problem of problems) yield { resource, problem };
      for (const problem of addressProblems({ key: option, text: value }, place, variable, isAllowed))
        yield { resource, problem };
    });
  }

  function* surroundings(): Generator<Finding> {
    const found = eachKnown(
      [
        () => variableProblems(container, environment(container), isAllowed),
        () => redirections(container, hosts),
      ],
      (check) => check(),
    );
    for (const problem of found) yield { resource, problem };
  }
}

/** The texts of a config file, without those of models that are never called. */
function* textsOf({ config, variable }: ConfigFile): Generator<Text> {
  for (const [key, value] of Object.entries(config))
    if (key === "model_list" && Array.isArray(value)) {
      for (const [index, entry] of value.entries())
        if (isServed(entry, variable)) yield* textsIn(entry, `${key}[${index}]`, key);
    } else yield* textsIn(value, key, key);
}

/** What lets those who call LiteLLM choose where their request is sent. */
function* clientChoices(file: ConfigFile): Generator<string> {
  const { config, place } = file;
  const settings = isMapping(config.general_settings) ? config.general_settings : {};
  if (settings.allow_client_side_credentials)
    yield `\`general_settings.allow_client_side_credentials\` in ${place} lets clients choose where models are served`;
  for (const { at, text } of textsOf(file))
    if (/configurable_clientside_auth_params\[\d+\]$/.test(at) && /^(api_base|base_url)$/.test(text))
      yield `\`${at}\` in ${place} lets clients choose where models are served`;
}

/** What is wrong with the provider of a model that has no address of its own. */
function* providerProblems(
  { at, params, variable }: DeclaredModel,
  providers: readonly string[],
): Generator<string> {
  if (["api_base", "base_url"].some((property) => params[property])) return;
  const { model, custom_llm_provider: own } = params;
  if (typeof model !== "string") {
    yield `${at("model")} names no model`;
    return;
  }
  const provider = typeof own === "string" && own ? own : providerOf(model);
  if (provider === undefined) {
    yield `${at("model")} names no provider, as \`openai/${model}\` does`;
    return;
  }
  if (baseVariables(provider).some((name) => variable(name))) return;
  if (provider.startsWith("ollama"))
    yield `${at("model")} has no \`api_base\`, and Ollama's default is LiteLLM's own container`;
  else if (!providers.includes(provider))
    yield `${at("model")} has the provider \`${provider}\`, which is not allowed`;
}

/** Names without a provider that LiteLLM takes for OpenAI's. */
const OPENAI =
  /^(gpt-|chatgpt-|o\d|ft:gpt-|text-embedding-|text-moderation-|omni-moderation-|dall-e-|whisper-|tts-)/;

/**
 * The provider that LiteLLM takes a model from; undefined where only its list of models tells. A name that clients may
 * complete, such as `*`, means any.
 */
function providerOf(model: string): string | undefined {
  const [first = ""] = model.split("/");
  if (model.includes("/") || first.startsWith("*")) return first;
  return OPENAI.test(model) ? "openai" : undefined;
}

/** The environment variables that give LiteLLM's providers another address. */
function baseVariables(provider: string): string[] {
  const name = provider === "ollama_chat" ? "OLLAMA" : provider.toUpperCase();
  return [`${name}_API_BASE`, `${name}_BASE_URL`];
}
