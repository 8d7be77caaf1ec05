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
])("a problem is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});
