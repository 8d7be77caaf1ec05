/** What every resource type has in common: its fields, and how they are checked, compared and named in the API. */

import { z } from "zod";
import type { LiteLlmApi } from "../../litellm/client.ts";
import { isUnknown, type Properties, same, secret } from "../values.ts";

/** One input property. */
export interface Field {
  readonly schema: z.ZodType;
  readonly required?: boolean;
  /** Never shown, and encrypted in the state. */
  readonly secret?: boolean;
  /** LiteLLM can change it in place, and not take it away. */
  readonly replaces?: "away";
  /** The API's name. Default: the property's name in snake case. */
  readonly api?: string;
  /** What stands for "not set" in the API. Default: `null`. */
  readonly empty?: unknown;
  /** LiteLLM is not asked for it: what was given stays. */
  readonly kept?: boolean;
}

/** Fields by property name. */
export type Fields = Readonly<Record<string, Field>>;

/** A problem of one property. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
  /** Its value must not be shown. */
  readonly secret?: boolean;
}

/** What LiteLLM holds of an object. */
export interface Live {
  /** In the terms of the input properties; what LiteLLM does not tell is not in it. */
  readonly inputs: Properties;
  /** Further output properties. */
  readonly outputs: Properties;
}

/**
 * What an object is known by before LiteLLM makes it: an input, which is generated where none is given. So an answer that
 * is lost, or a run that dies, leaves no object that nobody knows.
 */
export interface Identity {
  readonly property: string;
  generate(): string;
  /** The object's id. */
  idOf(value: string): string;
}

/** A resource type, with plain values: no wrapped secrets, nothing unknown. */
export interface ResourceType {
  /** Pulumi's type token. */
  readonly type: string;
  readonly fields: Fields;
  readonly identity: Identity;
  /** Outputs besides the inputs; the secret ones are never shown. */
  readonly outputs: Readonly<Record<string, { readonly secret?: boolean }>>;
  /** Problems that no single field shows. */
  check?(inputs: Properties): Problem[];
  /** @returns the outputs */
  create(api: LiteLlmApi, id: string, inputs: Properties): Promise<Properties>;
  /** What is there, or undefined when it is gone. */
  read(api: LiteLlmApi, id: string, inputs: Properties): Promise<Live | undefined>;
  /** @returns the outputs */
  update(
    api: LiteLlmApi,
    id: string,
    olds: Properties,
    news: Properties,
    outputs: Properties,
  ): Promise<Properties>;
  /** Gone already is fine. */
  delete(api: LiteLlmApi, id: string): Promise<void>;
}

/** All problems of some inputs at once. What is unknown yet is not looked at. */
export function problemsOf(resourceType: ResourceType, inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  for (const property of Object.keys(inputs)) {
    if (!(property in resourceType.fields)) {
      const known = Object.keys(resourceType.fields).map((name) => `\`${name}\``);
      // Nobody knows what it holds: it may be a secret.
      problems.push({
        property,
        reason: `is not a property; the properties are ${known.join(", ")}`,
        secret: true,
      });
    }
  }
  for (const [property, field] of Object.entries(resourceType.fields)) {
    const value = inputs[property];
    if (value === undefined) {
      if (field.required) problems.push({ property, reason: "is missing" });
    } else if (!isUnknown(value)) {
      const { error } = field.schema.safeParse(value);
      for (const issue of error?.issues ?? [])
        problems.push({
          property: [property, ...issue.path].join("."),
          reason: issue.message,
          ...(field.secret && { secret: true }),
        });
    }
  }
  return [...problems, ...(resourceType.check?.(inputs) ?? [])];
}

/** One change between two sets of inputs. */
export interface Change {
  readonly property: string;
  readonly how: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** What differs between old and new inputs. */
export function changesOf(
  resourceType: ResourceType,
  id: string,
  olds: Properties,
  news: Properties,
): Change[] {
  return Object.entries(resourceType.fields).flatMap(([property, field]) => {
    const [before, after] = [olds[property], news[property]];
    if (same(before, after)) return [];
    const how = before === undefined ? "add" : after === undefined ? "delete" : "update";
    if (property === resourceType.identity.property) {
      // Given no more: the object stays. What this very object is known by, such as after an import: only noted.
      if (after === undefined) return [];
      return [{ property, how, replaces: resourceType.identity.idOf(String(after)) !== id }];
    }
    return [{ property, how, replaces: field.replaces === "away" && how === "delete" }];
  });
}

/**
 * The inputs of an object with what it is known by: as given, as it was, or generated for a new one.
 *
 * @param olds the inputs of before; none for a new object
 */
export function identified(
  { identity, fields }: ResourceType,
  olds: Properties,
  news: Properties,
): Properties {
  const { property } = identity;
  const given = news[property] ?? olds[property];
  if (given !== undefined && given !== null) return { ...news, [property]: given };
  if (Object.keys(olds).length > 0) return news; // Imported.
  const value = identity.generate();
  return { ...news, [property]: fields[property]?.secret ? secret(value) : value };
}

/** The API's name of a property. */
export function apiName(property: string, field: Field): string {
  return field.api ?? property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The body of a request that sets these inputs.
 *
 * @param olds the inputs that LiteLLM holds: what is in them and not in `inputs` is emptied
 */
export function toApi(fields: Fields, inputs: Properties, olds: Properties = {}): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(fields)) {
    if (inputs[property] !== undefined) body[apiName(property, field)] = inputs[property];
    else if (olds[property] !== undefined) body[apiName(property, field)] = field.empty ?? null;
  }
  return body;
}

/**
 * What LiteLLM holds, in the terms of the inputs. `null`, empty and `false` are how LiteLLM says "not set"; a
 * value that means the same as the input keeps its form.
 */
export function fromApi(fields: Fields, row: Properties, inputs: Properties): Record<string, unknown> {
  const live: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(fields)) {
    const held = field.kept ? undefined : row[apiName(property, field)];
    if (held === undefined) {
      if (inputs[property] !== undefined) live[property] = inputs[property];
      continue;
    }
    const wanted = inputs[property];
    // Whole numbers of 64 bits come as text.
    const value = typeof wanted === "number" && typeof held === "string" ? Number(held) : held;
    if (isEmpty(value) && (wanted === undefined || isEmpty(wanted))) {
      if (wanted !== undefined) live[property] = wanted;
    } else if (sameSet(value, wanted)) live[property] = wanted;
    else if (!isEmpty(value)) live[property] = value;
  }
  return live;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether two lists hold the same texts in any order; for others, whether they are the same. */
function sameSet(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return same([...a].sort(), [...b].sort());
  return same(a, b);
}

const duration = z
  .string()
  .regex(/^\d+(s|m|h|d|w|mo)$/, "must be a number and a unit (`s`, `m`, `h`, `d`, `w`, `mo`), such as `30d`");
const count = z.int("must be a whole number").min(0, "must not be negative");
const name = z.string().min(1, "must not be empty");

/** Schemas that several resource types use. */
export const schemas = {
  duration,
  count,
  name,
  dollars: z.number("must be a number, in US dollars").min(0, "must not be negative"),
  models: z.array(name, "must be a list of model names"),
  record: z.record(z.string(), z.unknown(), "must be a map"),
  flag: z.boolean("must be `true` or `false`"),
};

/** Limits that keys, teams and budgets know. */
export const limitFields = {
  maxBudget: { schema: schemas.dollars },
  budgetDuration: { schema: schemas.duration },
  rpmLimit: { schema: schemas.count },
  tpmLimit: { schema: schemas.count },
} satisfies Fields;
