import { expect, it } from "vitest";
import { noPublishedPlaceholder } from "../../../../policies/rules/no-published-placeholder.ts";
import { PLACEHOLDERS } from "../../../../policies/secrets.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const exposed = [{ internal: 80, external: 80 }];
const message = (place: string) =>
  `${place} of \`web\` holds a placeholder that everybody knows, in a container that is published beyond loopback. ${noPublishedPlaceholder.remediation}`;

it("accepts secrets of their own, words that are no secret, and placeholders on loopback", () => {
  const envs = [
    "API_KEY=sk-of-their-own",
    "POSTGRES_USER=postgres",
    "DATABASE_URL=postgresql://postgres:own@db",
  ];
  const stack = [container({ envs, ports: exposed }), container({ envs: ["API_KEY=sk-1234"] })];
  expect(violations(noPublishedPlaceholder, stack)).toEqual([]);
});

it.each(PLACEHOLDERS)("rejects `%s`, by itself and in a URL", (value) => {
  const envs = ["A=b", `API_KEY=${value}`, `DATABASE_URL=postgresql://me:${value}@db/x`];
  expect(violations(noPublishedPlaceholder, [container({ envs, ports: exposed })])).toEqual([
    message("`envs[1]` (`API_KEY`)"),
    message("`envs[2]` (`DATABASE_URL`)"),
  ]);
});

it("rejects it however the container is published", () => {
  const found = (props: object) =>
    violations(noPublishedPlaceholder, [container({ envs: ["API_KEY=test"], ...props })]);
  expect(found({ publishAllPorts: true })).toEqual([message("`envs[0]` (`API_KEY`)")]);
  expect(found({ networkMode: "host" })).toEqual([message("`envs[0]` (`API_KEY`)")]);
});

it("reports a placeholder beside unknown variables", () => {
  expect(
    violations(noPublishedPlaceholder, [container({ envs: [UNKNOWN, "API_KEY=test"], ports: exposed })]),
  ).toEqual([message("`envs[1]` (`API_KEY`)")]);
});

it("leaves open what a preview does not know", () => {
  const found = (props: object) => violations(noPublishedPlaceholder, [container(props)]);
  expect(found({ envs: [UNKNOWN], ports: exposed })).toEqual(["unknown: .envs.0"]);
  expect(found({ envs: UNKNOWN, ports: exposed })).toEqual(["unknown: .envs"]);
  const ports = [{ internal: 80, ip: UNKNOWN }];
  expect(found({ envs: ["API_KEY=test"], ports })).toEqual(["unknown: .ports.0.ip"]);
  expect(found({ envs: ["API_KEY=own"], ports })).toEqual([]);
  expect(found({ envs: [UNKNOWN] })).toEqual([]);
});
