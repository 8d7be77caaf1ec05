/** Placeholders that a container was given for secrets. */

import type { Container } from "./resource.ts";
import { holdsPlaceholder } from "./secrets.ts";
import { ensureKnown, known } from "./unknown.ts";
import { variables } from "./variables.ts";

/**
 * One sentence for each environment variable with a placeholder, where `counts` says that the container counts; what
 * is unknown throws after the rest.
 *
 * @param where put at the end of each sentence
 */
export function* placeholders(container: Container, counts: () => boolean, where = ""): Generator<string> {
  const { envs } = container.props;
  const found = variables(container).filter(holdsPlaceholder);
  const allKnown = known(() => [ensureKnown(envs)]) !== undefined;
  // Without a placeholder it does not matter how the container is published, which may be unknown.
  if ((found.length === 0 && allKnown) || !counts()) return;
  for (const { at, name } of found)
    yield `\`${at}\` (\`${name}\`) of \`${container.name}\` holds a placeholder that everybody knows${where}`;
  ensureKnown(envs);
}
