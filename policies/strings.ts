/** Texts in values of any shape. */

import { eachKnown } from "./unknown.ts";

/** A text in a value. */
export interface Text {
  /** Its place, such as `command[1]` or `logOpts.tag`. */
  readonly at: string;
  /** The innermost name that it stands under: `tag`. */
  readonly key: string;
  readonly text: string;
}

/** Every text in `value`, which stands at `at` under the name `key`; what is unknown throws after the rest. */
export function* textsIn(value: unknown, at = "", key = ""): Generator<Text> {
  if (typeof value === "string") yield { at, key, text: value };
  else if (Array.isArray(value))
    yield* eachKnown(Array.from({ length: value.length }).keys(), (index) =>
      textsIn(value[index], `${at}[${index}]`, key),
    );
  else if (typeof value === "object" && value !== null)
    yield* eachKnown(Object.keys(value), (name) =>
      textsIn((value as Record<string, unknown>)[name], at === "" ? name : `${at}.${name}`, name),
    );
}
