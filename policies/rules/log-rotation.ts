import type { ContainerRule } from "../rule.ts";

/** Drivers that keep no file on the host, or one that does not grow for ever. */
const BOUNDED = [
  ...["local", "journald", "syslog", "none"],
  ...["fluentd", "gelf", "awslogs", "gcplogs", "splunk"],
];

export const logRotation: ContainerRule = {
  name: "log-rotation",
  description: "No container's log fills the disk.",
  level: "advisory",
  severity: "low",
  remediation: 'Set `logOpts: { "max-size": "10m", "max-file": "3" }`, or `logDriver: "local"`.',
  sources: [
    {
      id: "Docker, json-file logging driver",
      url: "https://docs.docker.com/engine/logging/drivers/json-file/",
    },
  ],
  container: ({ name, props }) => {
    const driver = props.logDriver || "json-file";
    if (BOUNDED.includes(driver)) return [];
    if (driver !== "json-file")
      return [`\`logDriver\` of \`${name}\` is \`${driver}\`, which may fill the disk`];
    const size = props.logOpts?.["max-size"];
    // Docker's default, -1, is no limit.
    return size && !size.startsWith("-")
      ? []
      : [`\`logOpts["max-size"]\` of \`${name}\` sets no limit for its log`];
  },
};
