import { elements } from "../docker.ts";
import type { Container, ContainerRule } from "../rule.ts";
import { secretsIn } from "../secrets.ts";
import { owasp } from "../sources.ts";
import { collect, eachKnown, known } from "../unknown.ts";

export const noPlainSecret: ContainerRule = {
  name: "no-plain-secret",
  description: "No upload, label, command or health check holds a secret.",
  level: "mandatory",
  severity: "critical",
  remediation:
    "Give it by a secret environment variable, and refer to that one: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret: whoever sees the state or the container has it.",
  sources: [owasp(12)],
  container: (container) =>
    collect(
      eachKnown(texts(container), function* ({ at, read }) {
        const found = secretsIn(read() ?? "");
        if (found.length > 0) yield `${at()} of \`${container.name}\` holds ${found.join(" and ")}`;
      }),
    ),
};

/** A text of a container's arguments. Both functions may be about something that is unknown. */
interface Text {
  readonly at: () => string;
  readonly read: () => string | undefined;
}

/** Every text that stands in the state and in the container's description as it is. */
function* texts({ props }: Container): Generator<Text> {
  const list = <T>(name: string, entries: () => readonly T[] | undefined, read: (entry: T) => string) =>
    // A list that is unknown as a whole counts as one unknown text.
    (known(() => [entries()]) === undefined ? [undefined] : elements(entries())).map((_, index) => ({
      at: () => `\`${name}[${index}]\``,
      read: () => {
        const entry = entries()?.[index];
        return entry === undefined || entry === null ? undefined : read(entry);
      },
    }));
  for (const { at, read } of list(
    "uploads",
    () => props.uploads,
    ({ content, contentBase64 }) =>
      `${content ?? ""}\n${Buffer.from(contentBase64 ?? "", "base64").toString("utf8")}`,
  )) {
    const index = Number(/\d+/.exec(at()));
    const file = known(() => props.uploads?.[index]?.file);
    yield { at: () => (file === undefined ? at() : `${at()} (\`${file}\`)`), read };
  }
  yield* list(
    "labels",
    () => props.labels,
    ({ value }) => value,
  );
  yield* list(
    "command",
    () => props.command,
    (text) => text,
  );
  yield* list(
    "entrypoints",
    () => props.entrypoints,
    (text) => text,
  );
  yield* list(
    "healthcheck.tests",
    () => props.healthcheck?.tests,
    (text) => text,
  );
}
