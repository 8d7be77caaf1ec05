import * as docker from "@pulumi/docker";
import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: (stack) => {
    const options = { parent: stack };
    const taskSpec = { containerSpec: { image: "nginx:1.27.3" } };
    new docker.Service("web", { name: "web", taskSpec }, options);
    new docker.ServiceConfig("settings", { name: "settings", data: "eA==" }, options);
    new docker.Secret("password", { name: "password", data: "eA==" }, options);
    new docker.Plugin("storage", { name: "someone/storage:1.0" }, options);
  },
  violates: [
    [
      "resource-type-known",
      "`web` is a `docker:index/service:Service`, which no rule looks at. Declare a `docker.Container` in place of a service, or allow the type in the policy config (`types` of this rule) and see to its security yourself.",
    ],
    [
      "resource-type-known",
      "`settings` is a `docker:index/serviceConfig:ServiceConfig`, which no rule looks at. Declare a `docker.Container` in place of a service, or allow the type in the policy config (`types` of this rule) and see to its security yourself.",
    ],
    [
      "resource-type-known",
      "`password` is a `docker:index/secret:Secret`, which no rule looks at. Declare a `docker.Container` in place of a service, or allow the type in the policy config (`types` of this rule) and see to its security yourself.",
    ],
    [
      "resource-type-known",
      "`storage` is a `docker:index/plugin:Plugin`, which no rule looks at. Declare a `docker.Container` in place of a service, or allow the type in the policy config (`types` of this rule) and see to its security yourself.",
    ],
  ],
} satisfies BadStack;
