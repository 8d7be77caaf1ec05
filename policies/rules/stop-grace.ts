import type { ContainerRule } from "../rule.ts";

export const stopGrace: ContainerRule = {
  name: "stop-grace",
  description: "Every container is given time to stop.",
  level: "advisory",
  severity: "low",
  remediation: "Set `destroyGraceSeconds` to how long the program needs, 30 or more for a database.",
  sources: [
    {
      id: "Pulumi, docker.Container",
      url: "https://www.pulumi.com/registry/packages/docker/api-docs/container/",
    },
  ],
  options: {
    seconds: {
      type: "integer",
      minimum: 1,
      default: 1,
      description: "The minimum time to stop, in seconds.",
    },
  },
  container: ({ name, props }, options) => {
    const seconds = props.destroyGraceSeconds || 0;
    if (seconds >= (options.seconds as number)) return [];
    return seconds > 0
      ? [`\`destroyGraceSeconds\` of \`${name}\` is ${seconds}, less than ${options.seconds}`]
      : [`\`destroyGraceSeconds\` of \`${name}\` is not set, so it is killed at once`];
  },
};
