import type { ContainerRule } from "../rule.ts";

export const runtimeAllowed: ContainerRule = {
  name: "runtime-allowed",
  description: "Every container runs in the engine's own runtime, or in one that is allowed.",
  level: "mandatory",
  severity: "high",
  remediation: "Remove it, or allow the runtime in the policy config (`runtimes` of this rule).",
  sources: [
    {
      id: "Docker, alternative container runtimes",
      url: "https://docs.docker.com/engine/daemon/alternative-runtimes/",
    },
  ],
  options: {
    runtimes: {
      type: "array",
      items: { type: "string" },
      default: ["runc", "io.containerd.runc.v2", "runsc"],
      description: "Runtimes that containers may name; a path or another shim runs as root on the host.",
    },
  },
  container: ({ name, props }, options) => {
    const { runtime } = props;
    if (!runtime || (options.runtimes as readonly string[]).includes(runtime)) return [];
    return [`\`runtime\` of \`${name}\` is \`${runtime}\`, which is not allowed`];
  },
};
