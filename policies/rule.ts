/** What a rule of the pack is. */

import type { Severity } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import type { Container, Resource } from "./resource.ts";

/** Where a rule comes from. */
export interface Source {
  /** Such as `CIS Docker Benchmark 1.6.0, 5.5` or `CVE-2026-49468`. */
  readonly id: string;
  readonly url: string;
}

/** What every rule says about itself. */
export interface RuleFacts {
  /** Kebab-case, and for good: people's exemptions name it. */
  readonly name: string;
  /** One sentence, with a full stop. */
  readonly description: string;
  /** `mandatory` stops the deployment, `advisory` is only reported. */
  readonly level: "mandatory" | "advisory";
  readonly severity: Severity;
  /** What to do instead: one or two sentences, printed with each violation. */
  readonly remediation: string;
  readonly sources: readonly [Source, ...Source[]];
  /** JSON Schema of what policy config can set, each with a default. */
  readonly options?: Readonly<Record<string, PolicyConfigJSONSchema>>;
}

/** What policy config sets of a rule, defaults filled in. */
export type Options = Readonly<Record<string, unknown>>;

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
