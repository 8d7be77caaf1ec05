import { expect, it } from "vitest";
import { ollamaCurrentVersion } from "../../../../policies/rules/ollama-current-version.ts";
import { container, ID, remoteImage, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (problem: string) => `\`image\` of \`web\` ${problem}. ${ollamaCurrentVersion.remediation}`;

it.each(["ollama/ollama:0.17.1", "ollama/ollama:0.20.0-rocm", "nginx:0.1"])("accepts `%s`", (image) => {
  expect(violations(ollamaCurrentVersion, [container({ image })])).toEqual([]);
});

it.each([
  ["ollama/ollama:0.17.0", "is Ollama 0.17.0, which has CVE-2026-7482"],
  ["llm-stack.local/ollama:0.9.6-ffa88250", "is Ollama 0.9.6, which has CVE-2026-7482"],
  ["ollama/ollama:latest", "does not say which version of Ollama it is"],
])("rejects `%s`, by name and by id", (image, problem) => {
  expect(violations(ollamaCurrentVersion, [container({ image })])).toEqual([message(problem)]);
  const stack = [remoteImage(image, { imageId: ID }), container({ image: ID })];
  expect(violations(ollamaCurrentVersion, stack)).toEqual([message(problem)]);
});

it("rejects an Ollama whose image nothing names", () => {
  expect(
    violations(ollamaCurrentVersion, [container({ image: ID, envs: ["OLLAMA_NUM_PARALLEL=1"] })]),
  ).toEqual([message("does not say which version of Ollama it is")]);
});

it("leaves open what a preview does not know", () => {
  const envs = ["OLLAMA_NUM_PARALLEL=1"];
  expect(violations(ollamaCurrentVersion, [container({ image: UNKNOWN, envs })])).toEqual([
    "unknown: .image",
  ]);
});
