/** What the policy pack found as SARIF 2.1.0, which code hosts show beside the code. */

import type { Log, ReportingDescriptor, Result } from "sarif";
import type { Rule } from "../../policies/rule.ts";
import type { Violation } from "../pulumi/policy-pack.ts";

/** GitHub sorts alerts by a number from 0 to 10. */
const SECURITY_SEVERITY: Readonly<Record<string, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.5",
};

/**
 * @param file the file to which results point: Pulumi does not say where in the code a resource is, so it is the
 * stack's config
 */
export function sarif(violations: readonly Violation[], rules: readonly Rule[], file: string): Log {
  return {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: { driver: { name: "llm-stack policies", rules: rules.map(descriptor) } },
        results: violations
          .filter(({ level }) => level !== "unknown")
          .map((violation) => result(violation, rules, file)),
      },
    ],
  };
}

function descriptor(rule: Rule): ReportingDescriptor {
  return {
    id: rule.name,
    shortDescription: { text: rule.description },
    help: { text: `${rule.remediation} Source: ${rule.sources.map(({ id }) => id).join("; ")}.` },
    helpUri: rule.sources[0].url,
    defaultConfiguration: { level: rule.level === "mandatory" ? "error" : "warning" },
    properties: { "security-severity": SECURITY_SEVERITY[rule.severity], tags: ["security"] },
  };
}

function result(violation: Violation, rules: readonly Rule[], file: string): Result {
  const { level, rule, resource, urn, problem } = violation;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ name }) => name === rule),
    level: level === "mandatory" ? "error" : level === "advisory" ? "warning" : "note",
    message: { text: `${problem}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 1 } },
        logicalLocations: [{ name: resource, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // Without this, hosts that follow a result from run to run take two of one rule in one file for one.
    partialFingerprints: { "resourceUrn/v1": `${urn}#${rule}` },
    ...(level === "exempt" ? { suppressions: [{ kind: "external", justification: problem }] } : {}),
  };
}
