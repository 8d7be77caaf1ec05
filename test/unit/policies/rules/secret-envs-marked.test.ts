import { expect, it } from "vitest";
import { secretEnvsMarked } from "../../../../policies/rules/secret-envs-marked.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (names: string) =>
  `\`envs\` of \`web\` holds ${names} and is not marked as secret. ${secretEnvsMarked.remediation}`;
const marked = { additionalSecretOutputs: ["envs"] };

it("accepts variables that are no secrets, and secrets that are marked", () => {
  const stack = [
    container(),
    container({ envs: ["PATH=/bin", "POSTGRES_USER=me"] }),
    container({ envs: ["API_KEY=own"] }, marked),
    container({ envs: [UNKNOWN] }, marked),
  ];
  expect(violations(secretEnvsMarked, stack)).toEqual([]);
});

it("rejects secrets that are not marked, by their names only", () => {
  const envs = ["PATH=/bin", "API_KEY=own", "DATABASE_URL=postgresql://db"];
  expect(violations(secretEnvsMarked, [container({ envs })])).toEqual([message("`API_KEY`, `DATABASE_URL`")]);
  expect(
    violations(secretEnvsMarked, [container({ envs }, { additionalSecretOutputs: ["labels"] })]),
  ).toEqual([message("`API_KEY`, `DATABASE_URL`")]);
});

it("knows a secret by its value too, and does not show it", () => {
  const envs = [`MODEL=sk-${"a1".repeat(16)}`, "CACHE=redis://:hunter2@cache", "URL=http://web"];
  expect(violations(secretEnvsMarked, [container({ envs })])).toEqual([message("`MODEL`, `CACHE`")]);
});

it("reports a secret beside unknown variables", () => {
  expect(violations(secretEnvsMarked, [container({ envs: [UNKNOWN, "API_KEY=own"] })])).toEqual([
    message("`API_KEY`"),
  ]);
});

it("leaves open what a preview does not know", () => {
  expect(violations(secretEnvsMarked, [container({ envs: ["PATH=/bin", UNKNOWN] })])).toEqual([
    "unknown: .envs.1",
  ]);
  expect(violations(secretEnvsMarked, [container({ envs: UNKNOWN })])).toEqual(["unknown: .envs"]);
});
