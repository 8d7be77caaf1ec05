/** What a rule of the pack is, and how Pulumi runs it. */

import type {
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import { CONTAINER, type ContainerInputs } from "./docker.ts";

/** Where a rule comes from. */
export interface Source {
  /** Such as `CIS Docker Benchmark 1.6.0, 5.5` or `CVE-2026-49468`. */
  readonly id: string;
  readonly url: string;
}

/** What every rule says of itself. */
export interface RuleFacts {
  /** Kebab-case, and for good: people's exemptions name it. */
  readonly name: string;
  /** One sentence, with a full stop. */
  readonly description: string;
  /** `mandatory` stops the deployment, `advisory` only tells. */
  readonly level: "mandatory" | "advisory";
  readonly severity: Severity;
  /** What to do instead: one or two sentences, printed with each violation. */
  readonly remediation: string;
  readonly sources: readonly [Source, ...Source[]];
  /** JSON Schema of what the rule can be told by policy config, each with a default. */
  readonly options?: Readonly<Record<string, PolicyConfigJSONSchema>>;
}

/**
 * What the program declared of each resource, by URN. Pulumi hands it over resource by resource; of the whole stack it
 * tells outputs only, where a preview does not know what the program merely left out.
 */
const declared = new Map<string, Readonly<Record<string, unknown>>>();

/** What a rule was told by policy config, defaults filled in. */
export type Options = Readonly<Record<string, unknown>>;

/** A resource as rules see it. Reading a property that is not known in a preview throws `UnknownValueError`. */
export interface Resource<P = Readonly<Record<string, unknown>>> {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** What the program declared. */
  readonly props: P;
  /** What became of it, for rules on the stack; in a preview much of it is unknown. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly opts: Pick<PolicyResourceOptions, "protect" | "additionalSecretOutputs">;
  /** URNs of the resources that a property's value came from. */
  readonly from: Readonly<Record<string, readonly string[]>>;
}

/** A Docker container. */
export type Container = Resource<ContainerInputs>;

/** A rule that looks at one container at a time. */
export interface ContainerRule extends RuleFacts {
  /**
   * One sentence for each violation, without a full stop, which names the place in backticks and never shows a value
   * that may be secret.
   */
  readonly container: (container: Container, options: Options) => readonly string[];
}

/** What a rule on the whole stack found. */
export interface Finding {
  readonly resource: Resource;
  /** As {@link ContainerRule.container} says it. */
  readonly problem: string;
}

/** A rule that needs more than one resource, such as the image that a container holds the id of. */
export interface StackRule extends RuleFacts {
  /** Yields what it finds; what it yielded before an unknown value counts. */
  readonly stack: (resources: readonly Resource[], options: Options) => Iterable<Finding>;
}

export type Rule = ContainerRule | StackRule;

/** Every rule can be told of exemptions. */
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
  const settings = (given: object): Options => ({ ...defaults, ...given });

  if ("stack" in rule) {
    return {
      ...facts,
      validateStack: (args, report) => {
        const told = settings(args.getConfig());
        const resources = args.resources.map((resource) => ({
          type: resource.type,
          name: resource.name,
          urn: resource.urn,
          props: declared.get(resource.urn) ?? resource.props,
          outputs: resource.props,
          opts: resource.opts,
          from: Object.fromEntries(
            Object.entries(resource.propertyDependencies).map(([key, from]) => [
              key,
              from.map(({ urn }) => urn),
            ]),
          ),
        }));
        for (const { resource, problem } of rule.stack(resources, told))
          tell(rule, resource, problem, told, report);
      },
    };
  }
  return {
    ...facts,
    validateResource: (args, report) => {
      const { type, name, urn, props, opts } = args;
      declared.set(urn, props);
      if (type !== CONTAINER) return;
      const told = settings(args.getConfig());
      const container = { type, name, urn, opts, props: props as ContainerInputs, outputs: {}, from: {} };
      for (const problem of rule.container(container, told)) tell(rule, container, problem, told, report);
    },
  };
}

function tell(rule: Rule, resource: Resource, problem: string, told: Options, report: ReportViolation): void {
  const { urn } = resource;
  const exemption = exemptionOf(resource, (told.exempt ?? []) as readonly Exemption[]);
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
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
