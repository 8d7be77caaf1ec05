/** How Pulumi runs a rule. */

import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import { CONTAINER, type ContainerInputs, type Resource } from "./resource.ts";
import type { Options, Rule } from "./rule.ts";

/** Every rule takes exemptions. */
const EXEMPT: PolicyConfigJSONSchema = {
  type: "array",
  description: "Resources that this rule leaves alone, each with the reason, which is printed.",
  default: [],
  items: {
    type: "object",
    required: ["resource", "reason"],
    additionalProperties: false,
    properties: {
      resource: { type: "string", minLength: 1, description: "Name or URN; `*` stands for any text." },
      reason: { type: "string", minLength: 10, description: "Why, and until when." },
    },
  },
};

interface Exemption {
  readonly resource: string;
  readonly reason: string;
}

/** Put before the message of a violation that policy config exempts. */
export const EXEMPT_PREFIX = "exempt: ";

/**
 * What the program declared of each resource, by URN. Pulumi hands it over resource by resource; of the whole stack it
 * gives outputs only, where a preview does not know what the program merely left out.
 */
const declared = new Map<string, Readonly<Record<string, unknown>>>();

/** The rule as Pulumi's SDK takes it. */
export function policy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, description, level, severity, remediation, sources, options = {} } = rule;
  const facts = {
    name,
    description,
    severity,
    enforcementLevel: level,
    remediationSteps: remediation,
    url: sources[0].url,
    configSchema: { properties: { ...options, exempt: EXEMPT } },
  };
  const defaults = Object.fromEntries(Object.entries(options).map(([key, schema]) => [key, schema.default]));
  const withDefaults = (given: object): Options => ({ ...defaults, ...given });

  if ("stack" in rule) {
    return {
      ...facts,
      validateStack: (args, report) => {
        const config = withDefaults(args.getConfig());
        for (const { resource, problem } of rule.stack(args.resources.map(resourceOfStack), config))
          reportProblem(rule, resource, problem, config, report);
      },
    };
  }
  return {
    ...facts,
    validateResource: (args, report) => {
      const { type, name, urn, props, opts } = args;
      declared.set(urn, props);
      if (type !== CONTAINER) return;
      const config = withDefaults(args.getConfig());
      const container = { type, name, urn, opts, props: props as ContainerInputs, outputs: {}, from: {} };
      for (const problem of rule.container(container, config))
        reportProblem(rule, container, problem, config, report);
    },
  };
}

function resourceOfStack({ type, name, urn, props, opts, propertyDependencies }: PolicyResource): Resource {
  const from = Object.entries(propertyDependencies).map(
    ([key, resources]) => [key, resources.map((resource) => resource.urn)] as const,
  );
  return {
    type,
    name,
    urn,
    props: declared.get(urn) ?? props,
    outputs: props,
    opts,
    from: Object.fromEntries(from),
  };
}

function reportProblem(
  rule: Rule,
  resource: Resource,
  problem: string,
  config: Options,
  report: ReportViolation,
): void {
  const { urn } = resource;
  const exemption = exemptionOf(resource, (config.exempt ?? []) as readonly Exemption[]);
  if (exemption === undefined) {
    report(`${problem}. ${rule.remediation}`, urn);
    return;
  }
  const message = `${rule.description}\n${EXEMPT_PREFIX}${exemption.reason} (${problem})`;
  // The SDK (1.21.0) takes a violation with a level of its own, but does not type it.
  (report as unknown as (violation: object) => void)({ urn, message, enforcementLevel: "advisory" });
}

function exemptionOf({ name, urn }: Resource, exemptions: readonly Exemption[]): Exemption | undefined {
  return exemptions.find(({ resource }) => [name, urn].some((text) => matches(resource, text)));
}

/** Whether `text` is `pattern`, where `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return text === pattern;
  if (!text.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - end.length >= at && text.endsWith(end);
}
