import { get_dmmf } from "@prisma/prisma-schema-wasm";
import { describe, expect, it } from "vitest";
import { InvalidValue } from "../../src/input-values.ts";
import { type Dmmf, schemaTypes } from "../../src/schema-types.ts";
import { plain, translate, UnsupportedQuery } from "../../src/translate.ts";

const prismaSchema = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Size {
  SMALL
  LARGE
}

model Thing {
  id     Int      @id
  name   String?
  names  String[]
  doc    Json?
  docs   Json[]
  data   Bytes?
  price  Decimal?
  big    BigInt?
  size   Size?
  at     DateTime?
  ratio  Float?
  on     Boolean?
  parts  Part[]
}

model Part {
  id      String @id
  label   Json
  thing   Thing  @relation(fields: [thingId], references: [id])
  thingId Int
}

model Pair {
  a Int
  b Int
  @@id([a, b])
}
`;
const types = schemaTypes(JSON.parse(get_dmmf(JSON.stringify({ prismaSchema }))) as Dmmf);

/** What a document's `data` argument becomes. */
const data = (fields: string) => {
  const { query } = translate(`mutation { result: createOneThing(data: { id: 1 ${fields} }) { id } }`, types);
  return (query.query.arguments as { data: object }).data;
};

describe("a document", () => {
  it("becomes a query of the JSON protocol, under its caller's name", () => {
    const document = "query { result: findUniqueThing(where: { id: 1 }) { id name } }";
    expect(translate(document, types)).toEqual({
      key: "result",
      query: {
        modelName: "Thing",
        action: "findUnique",
        query: { arguments: { where: { id: 1 } }, selection: { id: true, name: true } },
      },
    });
  });

  it("without a name is known by its operation's", () => {
    expect(translate("query { findManyThing { id } }", types).key).toBe("findManyThing");
  });

  it.each([
    ["createOneThing(data: { id: 1 }) { id }", "createOne"],
    ["createManyThing(data: [{ id: 1 }] skipDuplicates: true) { count }", "createMany"],
    ["updateOneThing(where: { id: 1 } data: { name: null }) { id }", "updateOne"],
    ["updateManyThing(data: {}) { count }", "updateMany"],
    ["upsertOneThing(where: { id: 1 } create: { id: 1 } update: {}) { id }", "upsertOne"],
    ["deleteOneThing(where: { id: 1 }) { id }", "deleteOne"],
    ["deleteManyThing { count }", "deleteMany"],
  ])("mutation { %s } is the action %s", (operation, action) => {
    const { query } = translate(`mutation { result: ${operation} }`, types);
    expect(query).toMatchObject({ modelName: "Thing", action });
  });

  it.each([
    ["findFirstThing { id }", "findFirst"],
    ["findFirstThingOrThrow { id }", "findFirstOrThrow"],
    ["findUniqueThingOrThrow(where: { id: 1 }) { id }", "findUniqueOrThrow"],
    ["aggregateThing { _count { _all } }", "aggregate"],
    ["groupByThing(by: [name]) { name }", "groupBy"],
  ])("query { %s } is the action %s", (operation, action) => {
    const { query } = translate(`query { result: ${operation} }`, types);
    expect(query).toMatchObject({ modelName: "Thing", action });
  });

  it("selects relations with arguments of their own", () => {
    const document =
      'query { result: findManyThing { id parts(where: { label: { equals: "1" } } take: 2) { id thing { id } } } }';
    expect(translate(document, types).query.query.selection).toEqual({
      id: true,
      parts: {
        arguments: { where: { label: { equals: { $type: "Json", value: "1" } } }, take: 2 },
        selection: { id: true, thing: { arguments: {}, selection: { id: true } } },
      },
    });
  });

  it("passes unknown fields on: the engine names them", () => {
    const { query } = translate("query { result: findManyThing { nope(x: 1) { y } } }", types);
    expect(query.query.selection).toEqual({ nope: { arguments: { x: 1 }, selection: { y: true } } });
  });

  it("may name what every object of JavaScript has", () => {
    const document =
      'query { result: findManyThing(where: { __proto__: { a: "1" } constructor: 2 }) { __proto__ { a } toString } }';
    const { arguments: args, selection } = translate(document, types).query.query;
    expect(JSON.stringify(args)).toBe('{"where":{"__proto__":{"a":"1"},"constructor":2}}');
    expect(Object.keys(selection)).toEqual(["__proto__", "toString"]);
  });

  it("may be a raw query, whose parameters are optional", () => {
    expect(translate('mutation { result: queryRaw(query: "SELECT 1") }', types).query).toEqual({
      action: "queryRaw",
      query: { arguments: { query: "SELECT 1", parameters: "[]" }, selection: {} },
    });
    const document = 'mutation { result: executeRaw(query: "SELECT $1", parameters: "[\\"it\'s\\"]") }';
    expect(translate(document, types).query.query.arguments).toEqual({
      query: "SELECT $1",
      parameters: `["it's"]`,
    });
  });
});

describe("a value", () => {
  it("of a Json column is tagged, so that it is not stored as a string", () => {
    expect(data(String.raw`doc: "{\"a\": 1}"`)).toEqual({ id: 1, doc: { $type: "Json", value: '{"a": 1}' } });
  });

  it("of a list of Json is tagged one by one", () => {
    expect(data('docs: ["1", "2"]')).toMatchObject({
      docs: [
        { $type: "Json", value: "1" },
        { $type: "Json", value: "2" },
      ],
    });
  });

  it("of a Json column inside a nested write is tagged too", () => {
    expect(data('parts: { create: [{ id: "p", label: "[]" }] }')).toMatchObject({
      parts: { create: [{ id: "p", label: { $type: "Json", value: "[]" } }] },
    });
  });

  it("of a text column is not", () => {
    expect(data('name: "{}" names: ["a", "b"]')).toEqual({ id: 1, name: "{}", names: ["a", "b"] });
  });

  it("of a Bytes column is tagged", () => {
    expect(data('data: "AQI="')).toEqual({ id: 1, data: { $type: "Bytes", value: "AQI=" } });
  });

  it("of a Decimal column keeps all its digits", () => {
    expect(data("price: 0.12345678901234567890")).toEqual({
      id: 1,
      price: { $type: "Decimal", value: "0.12345678901234567890" },
    });
    expect(data('price: "1.50"')).toEqual({ id: 1, price: "1.50" });
  });

  it("beyond what a number holds keeps all its digits", () => {
    expect(data("big: 9007199254740993")).toEqual({
      id: 1,
      big: { $type: "BigInt", value: "9007199254740993" },
    });
    expect(data("big: -5")).toEqual({ id: 1, big: -5 });
    expect(data("ratio: 1e300")).toEqual({ id: 1, ratio: 1e300 });
  });

  it("may be an enum, a time, a truth or null", () => {
    expect(
      data('size: LARGE at: "2025-01-02T03:04:05+00:00" on: true ratio: 1.5 name: null doc: DbNull'),
    ).toEqual({
      id: 1,
      size: "LARGE",
      at: "2025-01-02T03:04:05+00:00",
      on: true,
      ratio: 1.5,
      name: null,
      doc: "DbNull",
    });
  });
});

describe("a value that the engine would panic at, or change, is refused:", () => {
  it.each([
    [`doc: "[NaN]"`, "P2009", "doc"],
    [String.raw`doc: "\"\\ud800\""`, "P2009", "doc"],
    [`doc: ""`, "P2009", "doc"],
    [`docs: ["1", "{"]`, "P2009", "docs"],
    [`parts: { create: [{ id: "p", label: "x" }] }`, "P2009", "label"],
    [`data: "AQI"`, "P2009", "data"],
    [`data: "*AQI"`, "P2009", "data"],
    ["ratio: 1e400", "P2009", "ratio"],
    ["price: 1e999999999", "P2009", "price"],
    [`price: "-1e999999999"`, "P2009", "price"],
    [`price: "NaN"`, "P2009", "price"],
    ["big: 9223372036854775808", "P2033", "big"],
    [`big: ${"9".repeat(100_000)}`, "P2033", "big"],
  ])("%.60s", (fields, code, argument) => {
    let error: unknown;
    try {
      data(fields);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidValue);
    expect(error).toMatchObject({ code, argument });
  });

  const where = (filter: string) => () =>
    translate(`query { result: findManyThing(where: { doc: ${filter} }) { id } }`, types);

  it("an order of Json by anything but numbers and strings", () => {
    for (const value of ['"{}"', '"null"', '"true"', "null", "true", "JsonNull", "[1]", "{a: 1}"])
      expect(where(`{ path: ["a"], gt: ${value} }`), value).toThrow(InvalidValue);
    for (const value of ['"5"', '" \\"x\\""', '"-1"', "5"])
      expect(where(`{ gt: ${value} }`), value).not.toThrow();
    expect(where(`{ array_contains: "[NaN]" }`)).toThrow(InvalidValue);
  });

  it("a filter in a cursor", () => {
    const cursor = (text: string) => () =>
      translate(`query { result: findManyThing(cursor: { ${text} }) { id } }`, types);
    expect(cursor(`id: 1 at: { lt: "2025-01-01T00:00:00Z" }`)).toThrow(InvalidValue);
    expect(cursor(`id: 1 at: "2025-01-01T00:00:00Z"`)).not.toThrow();
    expect(cursor(`a_b: { a: 1, b: 2 }`)).toThrow(InvalidValue);
    const pair = "query { result: findManyPair(cursor: { a_b: { a: 1, b: 2 } }) { a } }";
    expect(() => translate(pair, types)).not.toThrow();
  });
});

describe("a document that is not understood says why:", () => {
  it.each([
    ["query {", /Syntax Error/],
    ["query { a: findManyThing { id } b: findManyThing { id } }", /one root field/],
    ["query { ...F } fragment F on Query { findManyThing { id } }", /one operation/],
    ["query { ... { findManyThing { id } } }", /one root field/],
    ["query { findManyThing { ... { id } } }", /fragments/],
    ["query { findManyThing { other: id } }", /alias on the nested field `id`/],
    ["query Q($id: Int) { findManyThing(where: { id: $id }) { id } }", /variable `\$id`/],
    ["query { findManyThing { id @skip(if: true) } }", /directives on `id`/],
    ["query { findManyNothing { id } }", /no operation `findManyNothing`/],
    ["query { constructor { id } }", /no operation `constructor`/],
    ['query { findManyThing(where: { name: "\\ud800" }) { id } }', /Syntax Error/],
    ['query { findManyThing(where: { name: "\ud800" }) { id } }', /Syntax Error/],
    [
      `query { findManyThing(where: ${"{NOT:".repeat(60)}{}${"}".repeat(60)}) { id } }`,
      /deeper than 50 levels/,
    ],
    [`query { findManyThing ${"{ parts { thing ".repeat(30)}${"} }".repeat(30)} }`, /deeper than 50 levels/],
    [
      `query { findManyThing(where: ${"{NOT:".repeat(20_000)}{}${"}".repeat(20_000)}) { id } }`,
      /call stack|deeper/,
    ],
  ])("%s", (document, reason) => {
    expect(() => translate(document, types)).toThrow(UnsupportedQuery);
    expect(() => translate(document, types)).toThrow(reason);
  });
});

describe("a result", () => {
  it("loses its tags, at any depth", () => {
    expect(
      plain({
        at: { $type: "DateTime", value: "2025-01-02T03:04:05.000Z" },
        doc: { $type: "Json", value: '{"$type":"kept"}' },
        rows: [{ big: { $type: "BigInt", value: "9007199254740993" }, none: null, on: false, n: 1 }],
      }),
    ).toEqual({
      at: "2025-01-02T03:04:05.000Z",
      doc: '{"$type":"kept"}',
      rows: [{ big: "9007199254740993", none: null, on: false, n: 1 }],
    });
  });

  it("of a raw query is left as it is", () => {
    expect(plain({ $type: "Raw", value: { $type: "data of the user" } })).toEqual({
      $type: "data of the user",
    });
  });
});
