/** Resources of a stack as rules see them. */

import type { ContainerArgs } from "@pulumi/docker";
import type { PolicyResourceOptions } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

export const CONTAINER = "docker:index/container:Container";
export const VOLUME = "docker:index/volume:Volume";
export const NETWORK = "docker:index/network:Network";
export const REMOTE_IMAGE = "docker:index/remoteImage:RemoteImage";
export const BUILT_IMAGE = "docker:index/image:Image";
export const MODEL = "litellm:index:Model";
export const KEY = "litellm:index:Key";
export const TEAM = "litellm:index:Team";
export const BUDGET = "litellm:index:Budget";

/** A resource as rules see it. Reading a property that is not known in a preview throws `UnknownValueError`. */
export interface Resource<P = Readonly<Record<string, unknown>>> {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** What the program declared. */
  readonly props: P;
  /** What became of it, for rules on the stack; in a preview much of it is unknown. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly opts: Pick<PolicyResourceOptions, "protect" | "additionalSecretOutputs">;
  /** URNs of the resources that a property's value came from. */
  readonly from: Readonly<Record<string, readonly string[]>>;
}

/** A container's arguments as plain values. */
export type ContainerInputs = Readonly<Unwrap<ContainerArgs>>;

/** A Docker container. */
export type Container = Resource<ContainerInputs>;

export const isContainer = (resource: Resource): resource is Container => resource.type === CONTAINER;

export const isVolume = (resource: Resource): boolean => resource.type === VOLUME;

export const isNetwork = (resource: Resource): boolean => resource.type === NETWORK;
