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

/** Whether a preview does not know some environment variables yet, their names neither. */
export function hasUnknownVariables(container: Container): boolean {
  return elements(known(() => container.props.envs)).includes(undefined);
}

/** A port on the host that leads to a container. */
export interface PublishedPort {
  /** Its place in the container's arguments, such as `ports[0]`. */
  readonly at: string;
  /** Port in the container; undefined when every port is published. */
  readonly internal: number | undefined;
  /** Host address; Docker's default is every address. */
  readonly ip: string;
}

/** What a container publishes on the host. */
export function publishedPorts({ props }: Container): PublishedPort[] {
  const all = "0.0.0.0";
  return [
    ...(props.ports ?? []).map((port, index) => ({
      at: `ports[${index}]`,
      internal: port.internal,
      ip: port.ip || all,
    })),
    ...(props.publishAllPorts ? [{ at: "publishAllPorts", internal: undefined, ip: all }] : []),
    ...(props.networkMode === "host" ? [{ at: "networkMode", internal: undefined, ip: all }] : []),
  ];
}

/** Whether only this host reaches a port on `ip`. */
export function isLoopback(ip: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(ip) || ip === "::1" || ip === "localhost";
}

/** What a container publishes beyond loopback. */
export function exposedPorts(container: Container): PublishedPort[] {
  return publishedPorts(container).filter(({ ip }) => !isLoopback(ip));
}
