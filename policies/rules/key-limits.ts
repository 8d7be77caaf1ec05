import { BUDGET, KEY, type Resource, TEAM } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { eachKnown, known } from "../unknown.ts";

/** What may limit a key, besides itself, by the property that names it. */
const SHARED: readonly (readonly [property: string, type: string])[] = [
  ["teamId", TEAM],
  ["budgetId", BUDGET],
];

const LIMITS: readonly (readonly [what: string, properties: readonly string[]])[] = [
  ["no budget (`maxBudget`)", ["maxBudget"]],
  ["no rate limit (`rpmLimit` or `tpmLimit`)", ["rpmLimit", "tpmLimit"]],
];

export const keyLimits: StackRule = {
  name: "key-limits",
  description: "Every key has a budget and a rate limit, of its own or through its team.",
  level: "advisory",
  severity: "medium",
  remediation: "Set `maxBudget`, and `rpmLimit` or `tpmLimit`, on the key or on its team.",
  sources: [
    { id: "LiteLLM, budgets and rate limits", url: "https://docs.litellm.ai/docs/proxy/users" },
    {
      id: "OWASP Top 10 for LLM Applications 2025, LLM10",
      url: "https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/",
    },
  ],
  *stack(resources) {
    const keys = resources.filter(({ type }) => type === KEY);
    yield* eachKnown(keys, function* (key) {
      const limiting = [
        key,
        ...SHARED.flatMap(([property, type]) => sharedBy(key, property, type, resources)),
      ];
      yield* eachKnown(LIMITS, function* ([what, properties]) {
        const values = limiting.flatMap(({ props }) => properties.map((property) => () => props[property]));
        if (values.some((read) => known(read))) return;
        for (const read of values) read();
        yield { resource: key, problem: `\`${key.name}\` has ${what}, and neither has its team` };
      });
    });
  },
};

/** The resources of a type that a key's `property` came from. */
function sharedBy(
  { from }: Resource,
  property: string,
  type: string,
  resources: readonly Resource[],
): Resource[] {
  return resources.filter((resource) => resource.type === type && from[property]?.includes(resource.urn));
}
