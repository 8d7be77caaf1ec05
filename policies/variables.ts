/** Environment variables of containers. */

import type { Container } from "./resource.ts";
import { elements } from "./unknown.ts";

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
