import { expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

it.each<[string, Record<string, unknown>, string]>([
  [
    "a server's name that is taken, whatever its case",
    { ollama: [{ name: "a" }, { name: "A" }] },
    "`ollama[1].name`: the name `A` is taken by `ollama[0].name`; choose another",
  ],
  [
    "the proxy's name",
    { ollama: [{ name: "litellm" }] },
    "`ollama[0].name`: `litellm` is the proxy's container; choose another",
  ],
  [
    "the database's name",
    { ollama: [{ name: "litellm_db" }] },
    "`ollama[0].name`: `litellm_db` is the database's container; choose another",
  ],
  [
    "the database's host name",
    { ollama: [{ name: "db" }] },
    "`ollama[0].name`: `db` is the database's host name; choose another",
  ],
  [
    "the database's volume",
    { ollama: [{ name: "litellm_postgres" }] },
    "`ollama[0].name`: `litellm_postgres` is the database's volume, `litellm_postgres_data`; choose another",
  ],
  [
    "a model served twice",
    { ollama: [{ name: "a", models: ["m", "m:latest"] }] },
    "`ollama[0].models[1].name`: the name `m:latest` is taken by `ollama[0].models[0].name`; choose another",
  ],
  [
    "a server's name that is taken, as host names end with dots or not",
    { ollama: [{ name: "a" }, { name: "a." }] },
    "`ollama[1].name`: the name `a.` is taken by `ollama[0].name`; choose another",
  ],
  [
    "the database's host name, with a dot",
    { ollama: [{ name: "DB." }] },
    "`ollama[0].name`: `DB.` is the database's host name; choose another",
  ],
  ...["127.0.0.1", "1", "0x7f.1", "10.1"].map((name): [string, Record<string, unknown>, string] => [
    `an address as a name: ${name}`,
    { ollama: [{ name }] },
    `\`ollama[0].name\`: \`${name}\` is an address, not a name; choose another`,
  ]),
  ...["M", "library/m", "registry.ollama.ai/library/m:latest"].map(
    (name): [string, Record<string, unknown>, string] => [
      `a model served twice, as Ollama reads names: ${name}`,
      { ollama: [{ name: "a", models: ["m", name] }] },
      `\`ollama[0].models[1].name\`: the name \`${name}\` is taken by \`ollama[0].models[0].name\`; choose another`,
    ],
  ),
  ...["x/1", "x_1"].map((name): [string, Record<string, unknown>, string] => [
    `two GGUF files at one place in the container: x:1 and ${name}`,
    {
      ollama: [
        {
          name: "a",
          models: [
            { name: "x:1", gguf: "/a.gguf" },
            { name, gguf: "/b.gguf" },
          ],
        },
      ],
    },
    `\`ollama[0].models[1].name\`: \`${name}\` and \`x:1\` (\`ollama[0].models[0]\`) would share the file \`/models/x_1.gguf\` in the container; give the one with \`gguf\` a name that differs in more than \`:\`, \`/\` and \`_\``,
  ]),
  [
    "a GGUF file whose path Docker would cut",
    { ollama: [{ name: "a", models: [{ name: "m", gguf: "models/q4:k.gguf" }] }] },
    "`ollama[0].models[0].gguf`: `/project/models/q4:k.gguf` has a `:`, at which Docker would cut it; rename or move the file, or link to it by an absolute path without one",
  ],
])("a problem is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});

it("names that only look alike are taken", () => {
  expect(
    problemsOf({
      ollama: [
        { name: "1a", models: ["x:1", "x/1", "x_1", { name: "y:1", gguf: "/a.gguf" }] },
        { name: "a.1b", models: [{ name: "y/1", gguf: "/b.gguf" }, "other/m", "m"] },
      ],
    }),
  ).toEqual([]);
});

it("tells all of them together", () => {
  const models = [
    { name: "x:1", gguf: "/a:b.gguf" },
    { name: "x/1", gguf: "/c:d.gguf" },
  ];
  expect(problemsOf({ ollama: [{ name: "1", models }, { name: "db" }] })).toHaveLength(5);
});
