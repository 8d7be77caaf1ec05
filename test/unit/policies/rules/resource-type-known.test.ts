import { expect, it } from "vitest";
import { resourceTypeKnown } from "../../../../policies/rules/resource-type-known.ts";
import { RESOURCE_TYPES } from "../../../../provider/resource-types/index.ts";
import { container, remoteImage, resource, violations, volume } from "../../../support/policies.ts";

const message = (type: string) =>
  `\`x\` is a \`${type}\`, which no rule looks at. ${resourceTypeKnown.remediation}`;

it("accepts what rules look at, and resources of other providers", () => {
  const others = [
    "random:index/randomPassword:RandomPassword",
    "llm-stack:docker:Database",
    "pulumi:providers:docker",
  ];
  const ours = [
    "docker:index/network:Network",
    "docker:index/image:Image",
    "litellm:index:Key",
    "litellm:index:Model",
  ];
  const stack = [
    container(),
    volume("v"),
    remoteImage("web:1"),
    ...[...others, ...ours].map((type) => resource(type, "x", {})),
  ];
  expect(violations(resourceTypeKnown, stack)).toEqual([]);
});

it.each([
  "docker:index/service:Service",
  "docker:index/serviceConfig:ServiceConfig",
  "docker:index/secret:Secret",
  "docker:index/plugin:Plugin",
  "docker:index/buildxBuilder:BuildxBuilder",
  "docker:index/something:New",
  "docker-build:index:Image",
  "litellm:index:Something",
])("rejects `%s`, unless config allows it", (type) => {
  expect(violations(resourceTypeKnown, [resource(type, "x", {})])).toEqual([message(type)]);
  expect(violations(resourceTypeKnown, [resource(type, "x", {})], { types: [type] })).toEqual([]);
});

it("knows every type of the project's own provider", () => {
  const stack = [...RESOURCE_TYPES.keys()].map((type) => resource(type, "x", {}));
  expect(stack.length).toBeGreaterThan(3);
  expect(violations(resourceTypeKnown, stack)).toEqual([]);
});
