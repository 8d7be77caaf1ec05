/**
 * What the translator must know of a Prisma schema, taken from the data model description (DMMF) that Prisma's
 * own parser gives. The whole description of LiteLLM's schema is 3.3 MB and takes 0.6 s to make; this part of it
 * is small and is written beside the engine when an image is built.
 */

/** The types that an input value may have: names of scalars, enums and input object types. */
export type InputTypes = readonly string[];

/** The types of named arguments, or of the fields of an input object. */
export type Inputs = Readonly<Record<string, InputTypes>>;

/** A field that can be selected: its arguments and the name of the type it returns. */
export interface OutputField {
  readonly args: Inputs;
  readonly type: string;
}

/** A root field such as `createOneUser`, and what it is called in the JSON protocol. */
export interface Operation extends OutputField {
  readonly model: string;
  readonly action: string;
}

export interface SchemaTypes {
  /** Input object type → its fields. */
  readonly inputs: Readonly<Record<string, Inputs>>;
  /** Output type → its fields. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, OutputField>>>>;
  /** Root field → operation, of queries and mutations. */
  readonly operations: Readonly<Record<string, Operation>>;
}

interface DmmfInput {
  readonly name: string;
  readonly inputTypes: readonly { readonly type: string }[];
}

interface DmmfOutputType {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly args: readonly DmmfInput[];
    readonly outputType: { readonly type: string };
  }[];
}

/** The parts of Prisma's DMMF that are used here. */
export interface Dmmf {
  readonly schema: {
    readonly inputObjectTypes: {
      readonly prisma: readonly { readonly name: string; readonly fields: readonly DmmfInput[] }[];
    };
    readonly outputObjectTypes: {
      readonly prisma: readonly DmmfOutputType[];
      readonly model?: readonly DmmfOutputType[];
    };
  };
  readonly mappings: { readonly modelOperations: readonly Readonly<Record<string, string | null>>[] };
}

/** The DMMF calls four actions `create`, `update`, `upsert` and `delete`; the JSON protocol adds `One`. */
const ACTION_OF_MAPPING: Readonly<Record<string, string>> = {
  create: "createOne",
  update: "updateOne",
  upsert: "upsertOne",
  delete: "deleteOne",
};

/** Takes from the DMMF what the translator needs. */
export function schemaTypes(dmmf: Dmmf): SchemaTypes {
  const { inputObjectTypes, outputObjectTypes } = dmmf.schema;
  const outputTypes = [...outputObjectTypes.prisma, ...(outputObjectTypes.model ?? [])];
  const outputs = Object.fromEntries(
    outputTypes.map((type) => [
      type.name,
      Object.fromEntries(
        type.fields.map((field) => [field.name, { args: inputs(field.args), type: field.outputType.type }]),
      ),
    ]),
  );
  const { Query: queries = {}, Mutation: mutations = {}, ...selectable } = outputs;
  const roots: Readonly<Record<string, OutputField>> = { ...queries, ...mutations };
  const operations: Record<string, Operation> = {};
  for (const mapping of dmmf.mappings.modelOperations) {
    const model = mapping.model;
    for (const [name, root] of Object.entries(mapping)) {
      const field = name !== "model" && root ? roots[root] : undefined;
      if (model && root && field)
        operations[root] = { ...field, model, action: ACTION_OF_MAPPING[name] ?? name };
    }
  }
  return {
    inputs: Object.fromEntries(inputObjectTypes.prisma.map((type) => [type.name, inputs(type.fields)])),
    outputs: selectable,
    operations,
  };
}

function inputs(fields: readonly DmmfInput[]): Inputs {
  return Object.fromEntries(
    fields.map((field) => [field.name, [...new Set(field.inputTypes.map(({ type }) => type))]]),
  );
}
