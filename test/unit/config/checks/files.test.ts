import { expect, it } from "vitest";
import { problemsOf, type Surroundings } from "../../../support/stack-config.ts";

it.each<[string, Record<string, unknown>, string, Surroundings?]>([
  [
    "a GGUF file that is not there",
    { ollama: [{ name: "a", models: [{ name: "m", gguf: "m.gguf" }] }] },
    "`ollama[0].models[0].gguf`: there is no file `m.gguf` (a relative path starts at the project's folder)",
    { files: ["/m.gguf"] },
  ],
  [
    "a GGUF file that the model server's user may not read",
    { ollama: [{ name: "a", models: [{ name: "m", gguf: "m.gguf" }] }] },
    "`ollama[0].models[0].gguf`: the model server, which runs as a user of its own, may not read `m.gguf`: `chmod o+r m.gguf`",
    { privateFiles: ["/project/m.gguf"] },
  ],
  [
    "a CA bundle that is not there",
    { network: { caBundle: "/etc/ca.pem" } },
    "`network.caBundle`: there is no file `/etc/ca.pem` (a relative path starts at the project's folder)",
    { files: ["/project/etc/ca.pem"] },
  ],
])("a problem is told with its place and how to fix it: %s", (_, raw, problem, surroundings) => {
  expect(problemsOf(raw, surroundings)).toContain(problem);
});

it("files are looked for from the project's folder on", () => {
  const gguf = { ollama: [{ name: "a", models: [{ name: "m", gguf: "m.gguf" }] }] };
  expect(problemsOf(gguf, { files: ["/project/m.gguf"] })).toEqual([]);
});
