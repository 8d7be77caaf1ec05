/**
 * GraphQL documents, as prisma-client-py sends them, to Prisma's JSON protocol, and its answers back. Pure.
 *
 * The schema's own types direct the way there: in GraphQL the value of a `Json` or `Bytes` column is a plain
 * string, in the JSON protocol a tagged object; untagged, a Json column would store the text as a JSON string.
 */

import { type FieldNode, Kind, parse, type SelectionSetNode, type ValueNode } from "graphql";
import { invalidValue, type Json, numberValue, stringValue } from "./input-values.ts";
import type { Inputs, InputTypes, OutputField, SchemaTypes } from "./schema-types.ts";

/** A query of the JSON protocol. */
export interface JsonQuery {
  /** Absent for raw queries. */
  readonly modelName?: string;
  readonly action: string;
  readonly query: { readonly arguments: JsonObject; readonly selection: JsonObject };
}

type JsonObject = Readonly<Record<string, Json>>;

/** A query, and the name under which its caller expects the result. */
export interface Translated {
  readonly key: string;
  readonly query: JsonQuery;
}

/** A document that this engine cannot run; answered as Prisma's error P2009. */
export class UnsupportedQuery extends Error {
  override name = "UnsupportedQuery";
}

const RAW_ACTIONS: readonly string[] = ["queryRaw", "executeRaw"];

/** The native engine's parser (graphql-parser 0.3, `tokenizer.rs`) takes 50 open brackets; ours would overflow its stack. */
const MAX_DEPTH = 50;

/** Prisma's filters of Json columns, and their comparisons that take a number or a string only. */
const JSON_FILTER = /^Json\w*Filter$/;
const ORDERS: readonly string[] = ["lt", "lte", "gt", "gte"];

/** A raw query is text; its parameters are a text of JSON, which the engine checks. */
const RAW_INPUTS: Inputs = { query: ["String"], parameters: ["String"] };

/**
 * Translates one document.
 *
 * @throws UnsupportedQuery when it is not valid GraphQL or uses what prisma-client-py never sends
 */
export function translate(document: string, types: SchemaTypes): Translated {
  const root = rootField(document);
  const name = root.name.value;
  const key = root.alias?.value ?? name;
  if (RAW_ACTIONS.includes(name)) {
    const args = { parameters: "[]", ...argumentsOf(root, RAW_INPUTS, types, 0) };
    return { key, query: { action: name, query: { arguments: args, selection: {} } } };
  }
  const operation = own(types.operations, name);
  if (!operation) throw new UnsupportedQuery(`the schema has no operation \`${name}\``);
  return {
    key,
    query: {
      modelName: operation.model,
      action: operation.action,
      query: {
        arguments: argumentsOf(root, operation.args, types, 0),
        selection: selectionOf(root.selectionSet, operation, types, 0),
      },
    },
  };
}

function rootField(document: string): FieldNode {
  let definitions: ReturnType<typeof parse>["definitions"];
  try {
    // Its lexer refuses half surrogate pairs, escaped or not.
    definitions = parse(document, { noLocation: true }).definitions;
  } catch (error) {
    throw new UnsupportedQuery(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const [definition] = definitions;
  if (definitions.length !== 1 || definition?.kind !== Kind.OPERATION_DEFINITION)
    throw new UnsupportedQuery("expected one operation, without fragments");
  const [field] = definition.selectionSet.selections;
  if (definition.selectionSet.selections.length !== 1 || field?.kind !== Kind.FIELD)
    throw new UnsupportedQuery("expected one root field");
  return field;
}

function argumentsOf(node: FieldNode, known: Inputs, types: SchemaTypes, depth: number): JsonObject {
  if (node.directives?.length) throw new UnsupportedQuery(`directives on \`${node.name.value}\``);
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => {
      const allowed = own(known, name.value) ?? [];
      if (name.value === "cursor") checkCursor(value, allowed, types);
      return [name.value, inputValue(value, allowed, types, name.value, deeper(depth))];
    }),
  );
}

/** The schema allows filters in a cursor, beside what is unique; the engine panics at them. */
function checkCursor(cursor: ValueNode, allowed: InputTypes, types: SchemaTypes): void {
  if (cursor.kind !== Kind.OBJECT) return;
  for (const { name, value } of cursor.fields) {
    const isFilter = value.kind === Kind.OBJECT || value.kind === Kind.LIST;
    if (
      isFilter &&
      !fieldTypes(name.value, allowed, types).some((type) => type.endsWith("CompoundUniqueInput"))
    )
      throw invalidValue(name.value, "cursor", "it must be an exact value");
  }
}

/** The types of a field of input objects. */
function fieldTypes(name: string, objects: InputTypes, types: SchemaTypes): InputTypes {
  return objects.flatMap((type) => own(own(types.inputs, type) ?? {}, name) ?? []);
}

function selectionOf(
  set: SelectionSetNode | undefined,
  parent: OutputField,
  types: SchemaTypes,
  depth: number,
): JsonObject {
  const below = deeper(depth);
  // What the schema does not know is passed on: the engine names it in an error of its own.
  const known = own(types.outputs, parent.type) ?? {};
  return Object.fromEntries(
    (set?.selections ?? []).map((node): [string, Json] => {
      if (node.kind !== Kind.FIELD) throw new UnsupportedQuery("fragments");
      const name = node.name.value;
      if (node.alias) throw new UnsupportedQuery(`an alias on the nested field \`${name}\``);
      const field = own(known, name) ?? { args: {}, type: "" };
      const args = argumentsOf(node, field.args, types, below);
      const plainField = !node.selectionSet && !node.arguments?.length;
      return [
        name,
        plainField || { arguments: args, selection: selectionOf(node.selectionSet, field, types, below) },
      ];
    }),
  );
}

/** `place` is the argument or field that the value is given to. */
function inputValue(
  node: ValueNode,
  allowed: InputTypes,
  types: SchemaTypes,
  place: string,
  depth: number,
): Json {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.STRING:
      return stringValue(node.value, allowed, place);
    case Kind.INT:
    case Kind.FLOAT:
      return numberValue(node.value, allowed, place);
    case Kind.LIST: {
      const below = deeper(depth);
      return node.values.map((value) => inputValue(value, allowed, types, place, below));
    }
    case Kind.OBJECT: {
      const below = deeper(depth);
      return Object.fromEntries(
        node.fields.map(({ name: { value: name }, value }) => {
          if (ORDERS.includes(name) && allowed.some((type) => JSON_FILTER.test(type)))
            checkOrder(name, value);
          return [name, inputValue(value, fieldTypes(name, allowed, types), types, name, below)];
        }),
      );
    }
    case Kind.VARIABLE:
      throw new UnsupportedQuery(`the variable \`$${node.name.value}\``);
  }
}

/** The engine compares a Json column with numbers and strings only, and panics at others. */
function checkOrder(name: string, value: ValueNode): void {
  const isJson = value.kind === Kind.STRING && /^\s*["\d-]/.test(value.value);
  if (!isJson && value.kind !== Kind.INT && value.kind !== Kind.FLOAT)
    throw invalidValue(name, "JSON String", "only numbers and strings can be compared");
}

function deeper(depth: number): number {
  if (depth >= MAX_DEPTH) throw new UnsupportedQuery(`it is nested deeper than ${MAX_DEPTH} levels`);
  return depth + 1;
}

/** An entry of a record that is not inherited: a document may name `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A result of the JSON protocol as the GraphQL protocol gives it: tags taken off, big numbers as text. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const object = value as JsonObject;
  if ("$type" in object) return object.$type === "Raw" ? (object.value ?? null) : plain(object.value ?? null);
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, plain(entry)]));
}
