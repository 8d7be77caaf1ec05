/** The policy pack as the commands use it: its flags and config, and what it found. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../config/errors.ts";
import { listed, suggestion } from "../../config/nearest.ts";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules/index.ts";
import { EXEMPT_PREFIX } from "../../policies/run.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { PulumiFailed, pulumi } from "./pulumi.ts";

const LEVELS = ["mandatory", "advisory", "disabled"];

/** Policy config of `stack`: levels, options and exemptions of rules. It need not exist. */
const configName = (stack: string) => `Pulumi.${stack}.policies.json`;

/**
 * The flags by which a Pulumi command checks the stack.
 *
 * @throws {UserError} when the stack's policy config cannot be used
 */
export function policyFlags(toolchain: Pick<Toolchain, "root" | "stack">): string[] {
  const name = configName(toolchain.stack);
  const file = join(toolchain.root, name);
  const flags = ["--policy-pack", join(toolchain.root, "policies")];
  if (!existsSync(file)) return flags;
  const problems = policyConfigProblems(readFileSync(file, "utf8"), rules);
  if (problems.length > 0)
    throw new UserError([`\`${name}\` cannot be used:`, ...problems.map((each) => `  - ${each}`)].join("\n"));
  return [...flags, "--policy-pack-config", file];
}

/** What is wrong with a policy config. Pulumi itself does not report a rule or an option that does not exist. */
export function policyConfigProblems(text: string, known: readonly Rule[]): string[] {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    return [`it is not JSON: ${(error as Error).message}`];
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    return ["it must be an object whose names are rules"];
  const names = ["all", ...known.map(({ name }) => name)];
  return Object.entries(config).flatMap(([name, given]) => {
    if (!names.includes(name)) return [`\`${name}\`: there is no such rule; ${suggestion(name, names)}`];
    const rule = known.find((each) => each.name === name);
    return ruleConfigProblems(name, given, Object.keys(rule?.options ?? {}));
  });
}

function ruleConfigProblems(name: string, given: unknown, options: readonly string[]): string[] {
  if (typeof given === "string") return levelProblems(name, given);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return [`\`${name}\` must be a level (${listed(LEVELS)}) or an object`];
  const { enforcementLevel, ...rest } = given as Record<string, unknown>;
  const known = ["enforcementLevel", "exempt", ...options];
  return [
    ...(enforcementLevel === undefined ? [] : levelProblems(`${name}.enforcementLevel`, enforcementLevel)),
    ...Object.keys(rest).flatMap((key) =>
      known.includes(key)
        ? []
        : [`\`${name}.${key}\`: the rule has no such option; ${suggestion(key, known)}`],
    ),
    ...exemptionProblems(`${name}.exempt`, rest.exempt ?? []),
  ];
}

function levelProblems(at: string, level: unknown): string[] {
  return LEVELS.includes(level as string) ? [] : [`\`${at}\` must be one of ${listed(LEVELS)}`];
}

function exemptionProblems(at: string, exemptions: unknown): string[] {
  if (!Array.isArray(exemptions)) return [`\`${at}\` must be a list of \`{ "resource": …, "reason": … }\``];
  return exemptions.flatMap((exemption, index) =>
    ["resource", "reason"].flatMap((key) =>
      typeof exemption?.[key] === "string" && exemption[key] !== ""
        ? []
        : [
            `\`${at}[${index}].${key}\` is missing: ${key === "reason" ? "say why, and until when" : "name the resource; `*` stands for any text"}`,
          ],
    ),
  );
}

/** What the pack says about one resource. */
export interface Violation {
  readonly rule: string;
  /**
   * `mandatory` and `advisory` are violations; `exempt` is one that policy config exempts; `unknown` is what a preview
   * cannot decide yet, and an update will.
   */
  readonly level: "mandatory" | "advisory" | "exempt" | "unknown";
  readonly severity: string;
  /** Name of the resource; empty when the rule failed to check the stack. */
  readonly resource: string;
  readonly urn: string;
  readonly problem: string;
}

interface EngineEvent {
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly severity?: string;
  };
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
}

/**
 * Previews with the policy pack, and returns the events of Pulumi's engine, one JSON object a line. They hold secrets in
 * plain text, and so are never shown. A violation is no failure.
 *
 * @param flags further flags of the command
 * @throws {UserError} in Pulumi's words, when the preview fails for another reason
 */
export async function policyEvents(toolchain: Toolchain, flags: readonly string[]): Promise<string> {
  try {
    const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
    return await pulumi(toolchain, ["preview", "--json", ...policyFlags(toolchain), ...flags], {
      quiet: true,
      env,
    });
  } catch (error) {
    if (!(error instanceof PulumiFailed)) throw error;
    if (violationsIn(error.stdout, rules).some(({ level }) => level === "mandatory")) return error.stdout;
    const errors = eventsIn(error.stdout).flatMap(({ diagnosticEvent: event }) =>
      event?.severity === "error" ? [event.message.trim()] : [],
    );
    throw new UserError([...new Set([...errors, error.stderr])].filter(Boolean).join("\n"));
  }
}

const eventsIn = (lines: string): EngineEvent[] =>
  lines
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

const ORDER: readonly Violation["level"][] = ["mandatory", "advisory", "exempt", "unknown"];

/** What the pack found, in Pulumi's events: mandatory violations first, then in the order of the rules. */
export function violationsIn(lines: string, known: readonly Rule[]): Violation[] {
  const place = ({ level, rule }: Violation) =>
    ORDER.indexOf(level) * known.length + known.findIndex(({ name }) => name === rule);
  return eventsIn(lines)
    .flatMap(({ policyEvent: event }) => (event === undefined ? [] : [violation(event, known)]))
    .sort((a, b) => place(a) - place(b) || a.resource.localeCompare(b.resource));
}

function violation(event: NonNullable<EngineEvent["policyEvent"]>, known: readonly Rule[]): Violation {
  const rule = known.find(({ name }) => name === event.policyName);
  const urn = event.resourceUrn ?? "";
  const text = event.message
    .trim()
    .replace(`${rule?.description}\n`, "")
    .replace(/\.?$/, "")
    .replace(`. ${rule?.remediation.replace(/\.$/, "")}`, "");
  const unknown = /^can't run policy .*? during preview: (.*)$/s.exec(text)?.[1];
  const exempt = text.startsWith(EXEMPT_PREFIX);
  return {
    rule: event.policyName,
    level:
      unknown !== undefined
        ? "unknown"
        : exempt
          ? "exempt"
          : (event.enforcementLevel as "mandatory" | "advisory"),
    severity: event.severity ?? rule?.severity ?? "medium",
    resource: urn.split("::").at(-1) ?? "",
    urn,
    problem: unknown ?? (exempt ? text.slice(EXEMPT_PREFIX.length) : text),
  };
}
