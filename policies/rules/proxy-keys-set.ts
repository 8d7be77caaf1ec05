import { isContainer, variables } from "../docker.ts";
import { partOf } from "../parts.ts";
import type { StackRule } from "../rule.ts";
import { eachKnown, ensureKnown } from "../unknown.ts";

/** Without the first LiteLLM asks nobody for a key; without the second the first encrypts, and can never change. */
const KEYS = ["LITELLM_MASTER_KEY", "LITELLM_SALT_KEY"];

export const proxyKeysSet: StackRule = {
  name: "proxy-keys-set",
  description: "LiteLLM has a master key and a salt key.",
  level: "mandatory",
  severity: "high",
  remediation:
    "Set both as secret environment variables: without a master key everybody may use the proxy, and a salt key that is set later cannot read what was stored before.",
  sources: [
    { id: "LiteLLM, production settings", url: "https://docs.litellm.ai/docs/proxy/prod" },
    { id: "LiteLLM, virtual keys", url: "https://docs.litellm.ai/docs/proxy/virtual_keys" },
  ],
  *stack(resources) {
    yield* eachKnown(resources.filter(isContainer), function* (container) {
      if (partOf(container, resources) !== "litellm") return;
      const set = variables(container);
      const valueOf = (key: string) => set.filter(({ name }) => name === key).at(-1)?.value;
      for (const key of KEYS)
        if (valueOf(key) === "")
          yield { resource: container, problem: `\`${key}\` in \`envs\` of \`${container.name}\` is empty` };
      const missing = KEYS.filter((key) => valueOf(key) === undefined);
      if (missing.length > 0) ensureKnown(container.props.envs);
      for (const key of missing)
        yield { resource: container, problem: `\`envs\` of \`${container.name}\` holds no \`${key}\`` };
    });
  },
};
