/** A plain Docker program that uses nothing of llm-stack: two containers, a network, a generated password. */

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const config = new pulumi.Config();
/** Of the network, and the start of the containers' names. */
const name = config.get("name") ?? "my";
/** Breaks rules of the pack on purpose: `host-path` or `plain-secret`. Default: none. */
const mistake = config.get("mistake");

const network = new docker.Network("network", { name });
const image = new docker.RemoteImage("image", {
  name: config.get("image") ?? "debian:12.11-slim",
  keepLocally: true,
});
const password = new random.RandomPassword("password", { length: 24 });

const safe = {
  image: image.imageId,
  entrypoints: ["sleep", "infinity"],
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
  memory: 64,
  healthcheck: { tests: ["CMD", "true"] },
  networkMode: "bridge",
  networksAdvanced: [{ name: network.name }],
};

new docker.Container("front", { ...safe, name: `${name}-front` });

new docker.Container(
  "worker",
  {
    ...safe,
    name: `${name}-worker`,
    envs: [pulumi.interpolate`QUEUE_PASSWORD=${password.result}`],
    ...(mistake === "host-path" && {
      volumes: [{ hostPath: "/etc", containerPath: "/host" }],
      networksAdvanced: [],
    }),
  },
  // Docker's provider does not know that an environment variable may be secret.
  mistake === "plain-secret" ? {} : { additionalSecretOutputs: ["envs"] },
);
