/** Resources to try rules on, as Pulumi's SDK hands them over. */

import { createRequire } from "node:module";
import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { LITELLM_FIXED, officialTag } from "../../litellm/versions.ts";
import {
  CONTAINER,
  type ContainerInputs,
  REMOTE_IMAGE,
  type Resource,
  VOLUME,
} from "../../policies/resource.ts";
import type { Rule } from "../../policies/rule.ts";
import { policy } from "../../policies/run.ts";

/** The SDK's own view of a resource, on which reading an unknown value throws. */
const { unknownCheckingProxy, unknownStringValue } = createRequire(import.meta.url)(
  "@pulumi/policy/proxy.js",
) as { unknownCheckingProxy<T>(props: T): T; unknownStringValue: string };

/** A value that a preview does not know yet, whatever its type. */
// biome-ignore lint/suspicious/noExplicitAny: stands for a value of any type
export const UNKNOWN: any = unknownStringValue;

/** An image id. */
export const ID = `sha256:${"0123456789abcdef".repeat(4)}`;

let made = 0;
/** Of a stack of its own: the pack remembers what was declared under a URN. */
const urn = (type: string, name: string) => `urn:pulumi:dev${++made}::theirs::${type}::${name}`;

/** What a resource has besides its arguments. */
interface Extras extends Partial<Resource["opts"]> {
  /** URNs of the resources that a property came from. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** A resource of any type. */
export function resource(type: string, name: string, props: object, extras: Extras = {}): Resource {
  const { from = {}, protect = false, additionalSecretOutputs = [] } = extras;
  const seen = unknownCheckingProxy({ ...props });
  return {
    type,
    name,
    urn: urn(type, name),
    props: seen,
    outputs: seen,
    opts: { protect, additionalSecretOutputs },
    from,
  };
}

/** A container `web` that no rule objects to, with `props` put over it; an undefined one is left out. */
export function container(props: Partial<ContainerInputs> = {}, extras: Extras & { name?: string } = {}) {
  const good: ContainerInputs = {
    name: "web",
    image: "nginx:1.27.3@sha256:".padEnd(83, "0"),
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 256,
    cpuShares: 512,
    ulimits: [{ name: "nproc", soft: 256, hard: 256 }],
    readOnly: true,
    user: "101:101",
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    destroyGraceSeconds: 10,
    restart: "unless-stopped",
    healthcheck: { tests: ["CMD", "true"] },
    networkMode: "bridge",
    networksAdvanced: [{ name: "theirs" }],
    ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }],
  };
  const { name = "web", ...rest } = extras;
  const given = Object.fromEntries(
    Object.entries({ ...good, ...props }).filter(([, value]) => value !== undefined),
  );
  return resource(CONTAINER, name, given, rest);
}

/** A container `proxy` with LiteLLM that no rule objects to, with `props` put over it. */
export function litellm(props: Partial<ContainerInputs> = {}, extras: Extras = {}) {
  const good = {
    name: "litellm",
    image: `ghcr.io/berriai/litellm:${officialTag(LITELLM_FIXED)}`,
    envs: ["LITELLM_MASTER_KEY=sk-of-their-own", "LITELLM_SALT_KEY=of-their-own"],
    ports: [{ internal: 4000, external: 4444, ip: "127.0.0.1" }],
  };
  return container({ ...good, ...props }, { additionalSecretOutputs: ["envs"], ...extras, name: "proxy" });
}

/** An image resource that asked for `reference`. */
export function remoteImage(reference: string, outputs: object = {}): Resource {
  return resource(REMOTE_IMAGE, "image", { name: reference, ...outputs });
}

/** A volume resource. */
export function volume(name: string, extras: Extras & { props?: object } = {}): Resource {
  const { props = {}, ...rest } = extras;
  return resource(VOLUME, name, { name, ...props }, rest);
}

/**
 * What the pack reports of a stack of these resources, in order: the message, with `advisory: ` before it where policy
 * config exempts. A value that is not known ends a rule on a container, and is the last entry of one on a stack:
 * `unknown: .ports.0.ip`.
 */
export function violations(rule: Rule, resources: readonly Resource[], config: object = {}): string[] {
  const found: string[] = [];
  const report = ((violation: string | { message: string; enforcementLevel: string }) => {
    if (typeof violation === "string") found.push(violation);
    else found.push(`${violation.enforcementLevel}: ${violation.message}`);
  }) as ReportViolation;
  const run = (check: () => void) => {
    try {
      check();
    } catch (error) {
      const place = /value at (\S+) can't be known during preview/.exec((error as Error).message)?.[1];
      if (place === undefined) throw error;
      found.push(`unknown: ${place}`);
    }
  };
  const args = { getConfig: () => config } as object;
  if ("stack" in rule) {
    const { validateStack } = policy(rule) as StackValidationPolicy;
    const seen = resources.map(({ from, ...rest }) => ({
      ...rest,
      propertyDependencies: Object.fromEntries(
        Object.entries(from).map(([name, urns]) => [name, urns.map((each) => ({ urn: each }))]),
      ),
    }));
    run(() => validateStack({ ...args, resources: seen } as never, report));
  } else {
    const validate = (policy(rule) as ResourceValidationPolicy).validateResource;
    if (typeof validate !== "function") throw new Error("a rule on containers has one check");
    for (const each of resources) run(() => validate({ ...args, ...each } as never, report));
  }
  return found;
}
