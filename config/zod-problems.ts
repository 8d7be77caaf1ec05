/** Turns what zod finds wrong into lines for the user: the path in backticks and how to fix it. */

import { z } from "zod";
import { listed, nearest, suggestion } from "./nearest.ts";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

const MISSING = "is missing";
const WRONG_UNION = "";

/** `path` as it is written in code, such as `ollama[1].memory`, in backticks. */
export function place(path: Path): string {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    const key = String(step);
    if (!/^[\w-]+$/.test(key)) return `${before}[${JSON.stringify(key)}]`;
    return before === "" ? key : `${before}.${key}`;
  }, "");
  return `\`${text}\``;
}

/** What the types that zod names are called in messages. */
const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a map",
};

/** What a wrong value is, without showing it whole. */
function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "text" : `\`${String(value)}\``;
}

/** Words for zod's own checks; a schema's own message comes before these. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return MISSING;
  switch (issue.code) {
    case "invalid_type": {
      const quotes =
        issue.expected === "string" && typeof issue.input === "number" ? "; put it in quotes" : "";
      return `must be ${TYPES[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}${quotes}`;
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const near = typeof issue.input === "string" ? nearest(issue.input, values) : undefined;
      return `must be one of ${listed(values)}${near === undefined ? "" : `; did you mean \`${near}\`?`}`;
    }
    case "too_small":
      return issue.origin === "array" ? "must have at least one entry" : `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_union":
      return WRONG_UNION;
    case "invalid_key":
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

/** The schemas that may stand behind wrappers such as a default; several for a union. */
function inside(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return inside(schema.unwrap());
  if (schema instanceof z.ZodPipe) return inside(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(inside);
  return [schema];
}

function descend(schemas: z.core.$ZodType[], path: Path): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>(
    (level, step) =>
      level.flatMap((schema) => {
        if (schema instanceof z.ZodArray) return inside(schema.element);
        const child = schema instanceof z.ZodObject ? schema.shape[String(step)] : undefined;
        return child === undefined ? [] : inside(child);
      }),
    schemas,
  );
}

function knownKeys(schemas: z.core.$ZodType[]): string[] {
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

/** How far a value is from one option of a union: the option with the least is the one that was meant. */
function remoteness(issues: readonly Issue[], option: z.core.$ZodType): number {
  const weights = issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(inside(option));
      return issue.keys.reduce((sum, key) => sum + (nearest(key, known) === undefined ? 3 : 1), 0);
    }
    if (issue.path.length === 0 && issue.code === "invalid_type") return 5;
    return issue.message === MISSING ? 2 : 1;
  });
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** What an option of a union asks for. */
function demand(option: z.core.$ZodType): string {
  if (!(option instanceof z.ZodObject))
    return option instanceof z.ZodPipe
      ? demand(option.in)
      : (TYPES[option._zod.def.type] ?? option._zod.def.type);
  const required = Object.entries(option.shape)
    .filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
    .map(([key]) => `\`${key}\``);
  return `a map with ${required.join(" and ")}`;
}

function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  schemas: z.core.$ZodType[],
  path: Path,
): string[] {
  const options = schemas.map((option, index) => {
    const issues = issue.errors[index] ?? [];
    return { option, issues, far: remoteness(issues, option) };
  });
  const [first, second] = options.toSorted((a, b) => a.far - b.far);
  if (first === undefined || first.far === second?.far)
    return [`${place(path)}: must be ${schemas.map(demand).join(", or ")}`];
  return first.issues.flatMap((nested) => problems(nested, [first.option], path));
}

function problems(issue: Issue, schemas: z.core.$ZodType[], base: Path): string[] {
  const path = [...base, ...issue.path];
  const here = descend(schemas, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = new Set(knownKeys(here));
    return issue.keys.map((key) => `${place([...path, key])}: unknown key; ${suggestion(key, known)}`);
  }
  if (issue.code === "invalid_union" && issue.message === WRONG_UNION)
    return unionProblems(issue, here, path);
  return [`${place(path)}: ${issue.message}`];
}

/** Parses `value` with `schema`. What is wrong goes to `report`, one line each, with paths that start at `base`. */
export function parseWithProblems<T>(
  schema: z.ZodType<T>,
  value: unknown,
  base: Path,
  report: (problem: string) => void,
): T | undefined {
  const result = schema.safeParse(value, { error: wording });
  if (result.success) return result.data;
  for (const issue of result.error.issues)
    for (const line of problems(issue, inside(schema), base)) report(line);
  return undefined;
}
