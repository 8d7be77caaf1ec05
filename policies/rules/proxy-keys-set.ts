import { isContainer } from "../resource.ts";
import type { StackRule } from "../rule.ts";
import { serviceOf } from "../services.ts";
import { eachKnown, ensureKnown } from "../unknown.ts";
import { variables } from "../variables.ts";

export const proxyKeysSet: StackRule = {
  name: "proxy-keys-set",
  description: "LiteLLM has a master key and a salt key.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Set both as secret environment variables: without a master key anyone can use the proxy, and if the salt key is set later, LiteLLM cannot read what it stored before.",
  sources: [
    { id: "LiteLLM, production settings", url: "https://docs.litellm.ai/docs/proxy/prod" },
    { id: "LiteLLM, virtual keys", url: "https://docs.litellm.ai/docs/proxy/virtual_keys" },
  ],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (serviceOf(container, resources) !== "litellm") return;
      const { name: title, props } = container;
      const set = variables(container);
      yield* eachKnown(["LITELLM_MASTER_KEY", "LITELLM_SALT_KEY"], function* (key) {
        const variable = set.findLast(({ name }) => name === key);
        if (variable === undefined) {
          ensureKnown(props.envs); // It may be one of the unknown.
          yield { resource: container, problem: `\`envs\` of \`${title}\` has no \`${key}\`` };
        } else if (variable.value === "")
          yield { resource: container, problem: `\`${variable.at}\` (\`${key}\`) of \`${title}\` is empty` };
      });
    });
  },
};
