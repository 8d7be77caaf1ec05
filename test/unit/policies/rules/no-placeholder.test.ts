import { expect, it } from "vitest";
import { noPlaceholder } from "../../../../policies/rules/no-placeholder.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (place: string) =>
  `${place} of \`web\` holds a placeholder that everybody knows. ${noPlaceholder.remediation}`;

it("accepts secrets of their own, and leaves what is published to the mandatory rule", () => {
  const stack = [
    container({ envs: ["API_KEY=own", "POSTGRES_DB=postgres"] }),
    container({ envs: ["API_KEY=sk-1234"], ports: [{ internal: 80 }] }),
  ];
  expect(violations(noPlaceholder, stack)).toEqual([]);
});

it.each([
  ["`envs[0]` (`API_KEY`)", "API_KEY=sk-1234"],
  ["`envs[0]` (`POSTGRES_PASSWORD`)", "POSTGRES_PASSWORD=dbpassword9090"],
  ["`envs[0]` (`ANY`)", "ANY=redis://:changeme@cache"],
])("rejects %s on loopback", (place, variable) => {
  expect(violations(noPlaceholder, [container({ envs: [variable] })])).toEqual([message(place)]);
});

it("leaves open what a preview does not know", () => {
  expect(violations(noPlaceholder, [container({ envs: [UNKNOWN] })])).toEqual(["unknown: .envs.0"]);
  const ports = [{ internal: 80, ip: UNKNOWN }];
  expect(violations(noPlaceholder, [container({ envs: ["API_KEY=test"], ports })])).toEqual([
    "unknown: .ports.0.ip",
  ]);
});
