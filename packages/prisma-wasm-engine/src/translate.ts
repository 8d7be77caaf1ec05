/**
 * GraphQL documents, as prisma-client-py sends them, to Prisma's JSON protocol, and its answers back. Pure.
 *
 * The schema's own types direct the way there: in GraphQL the value of a `Json` or `Bytes` column is a plain
 * string, in the JSON protocol a tagged object; untagged, a Json column would store the text as a JSON string.
 */

import { type FieldNode, Kind, parse, type SelectionSetNode, type ValueNode } from "graphql";
import type { Inputs, InputTypes, OutputField, SchemaTypes } from "./schema-types.ts";

/** A value of the JSON protocol. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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
    const args = { parameters: "[]", ...argumentsOf(root, {}, types) };
    return { key, query: { action: name, query: { arguments: args, selection: {} } } };
  }
  const operation = types.operations[name];
  if (!operation) throw new UnsupportedQuery(`the schema has no operation \`${name}\``);
  return {
    key,
    query: {
      modelName: operation.model,
      action: operation.action,
      query: {
        arguments: argumentsOf(root, operation.args, types),
        selection: selectionOf(root.selectionSet, operation, types),
      },
    },
  };
}

function rootField(document: string): FieldNode {
  let definitions: ReturnType<typeof parse>["definitions"];
  try {
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

function argumentsOf(node: FieldNode, known: Inputs, types: SchemaTypes): JsonObject {
  if (node.directives?.length) throw new UnsupportedQuery(`directives on \`${node.name.value}\``);
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [
      name.value,
      inputValue(value, known[name.value] ?? [], types),
    ]),
  );
}

function selectionOf(set: SelectionSetNode | undefined, parent: OutputField, types: SchemaTypes): JsonObject {
  const selection: Record<string, Json> = {};
  for (const node of set?.selections ?? []) {
    if (node.kind !== Kind.FIELD) throw new UnsupportedQuery("fragments");
    const name = node.name.value;
    if (node.alias) throw new UnsupportedQuery(`an alias on the nested field \`${name}\``);
    // What the schema does not know is passed on: the engine names it in an error of its own.
    const field = types.outputs[parent.type]?.[name] ?? { args: {}, type: "" };
    const args = argumentsOf(node, field.args, types);
    selection[name] =
      node.selectionSet || node.arguments?.length
        ? { arguments: args, selection: selectionOf(node.selectionSet, field, types) }
        : true;
  }
  return selection;
}

function inputValue(node: ValueNode, allowed: InputTypes, types: SchemaTypes): Json {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.STRING:
      return stringValue(node.value, allowed);
    case Kind.INT:
    case Kind.FLOAT:
      return numberValue(node.value, allowed);
    case Kind.LIST:
      return node.values.map((value) => inputValue(value, allowed, types));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [
          name.value,
          inputValue(
            value,
            allowed.flatMap((type) => types.inputs[type]?.[name.value] ?? []),
            types,
          ),
        ]),
      );
    case Kind.VARIABLE:
      throw new UnsupportedQuery(`the variable \`$${node.name.value}\``);
  }
}

function stringValue(value: string, allowed: InputTypes): Json {
  if (allowed.includes("String")) return value;
  const tag = allowed.find((type) => type === "Json" || type === "Bytes");
  return tag ? { $type: tag, value } : value;
}

/** Numbers that JavaScript would round travel as text. */
function numberValue(text: string, allowed: InputTypes): Json {
  if (allowed.includes("Decimal")) return { $type: "Decimal", value: text };
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? { $type: "BigInt", value: text } : value;
}

/** A result of the JSON protocol as the GraphQL protocol gives it: tags taken off, big numbers as text. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const object = value as JsonObject;
  if ("$type" in object) return object.$type === "Raw" ? (object.value ?? null) : plain(object.value ?? null);
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, plain(entry)]));
}
