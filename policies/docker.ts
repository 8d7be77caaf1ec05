/** What rules read from Docker containers. */

import type { ContainerArgs } from "@pulumi/docker";
import type { Unwrap } from "@pulumi/pulumi";
import type { Container, Resource } from "./rule.ts";
import { known } from "./unknown.ts";

/** A container's arguments as plain values. */
export type ContainerInputs = Readonly<Unwrap<ContainerArgs>>;

export const CONTAINER = "docker:index/container:Container";
export const VOLUME = "docker:index/volume:Volume";
export const REMOTE_IMAGE = "docker:index/remoteImage:RemoteImage";
export const BUILT_IMAGE = "docker:index/image:Image";

export const isContainer = (resource: Resource): resource is Container => resource.type === CONTAINER;

/** Each element of a list; undefined for one that a preview does not know yet. */
export function elements<T>(list: readonly T[] | undefined): (T | undefined)[] {
  return Array.from({ length: list?.length ?? 0 }, (_, index) => known(() => list?.[index]));
}

/** An environment variable. */
export interface Variable {
  /** Its place in the container's arguments, such as `envs[2]`. */
  readonly at: string;
  readonly name: string;
  readonly value: string;
}

/** A container's environment variables, as far as a preview knows them. */
export function variables(container: Container): Variable[] {
  return elements(container.props.envs).flatMap((entry, index) => {
    if (entry === undefined) return [];
    const [name = "", ...value] = entry.split("=");
    return [{ at: `envs[${index}]`, name, value: value.join("=") }];
  });
}
