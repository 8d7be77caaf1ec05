import { expect, it } from "vitest";
import { problemsOf } from "../../../support/stack-config.ts";

it.each<[string, Record<string, unknown>, string]>([
  [
    "two things on one port of the host",
    { database: { port: 11432 }, ollama: [{ name: "a" }, { name: "b" }] },
    "`ollama[1].port`: port 11432 of the host is taken by `database.port`; set another",
  ],
  [
    "a port beyond the last",
    { portOffset: 50000, proxy: { port: 20000 } },
    "`proxy.port`: with `portOffset` it is 70000, beyond the last port 65535; lower one of the two",
  ],
])("a problem is told with its place and how to fix it: %s", (_, raw, problem) => {
  expect(problemsOf(raw)).toContain(problem);
});
