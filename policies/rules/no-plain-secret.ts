import type { ContainerInputs } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { isSecretEntry, secretsIn } from "../secrets.ts";
import { owasp } from "../sources.ts";
import { textsIn } from "../strings.ts";
import { collect, eachKnown, known } from "../unknown.ts";
import { textOfUpload } from "../uploads.ts";

export const noPlainSecret: ContainerRule = {
  name: "no-plain-secret",
  description: "No secret is in an argument of a container other than its environment variables.",
  level: "mandatory",
  severity: "critical",
  remediation:
    "Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
  sources: [owasp(12)],
  container: ({ name, props }) =>
    collect(
      eachKnown(Object.keys(props), function* (argument) {
        if (ELSEWHERE.includes(argument)) return;
        const entriesOf = ENTRIES[argument];
        const found = entriesOf ? entriesOf(props) : textsOf(props, argument);
        for (const { place, what } of found) yield `${place} of \`${name}\` holds ${what.join(" and ")}`;
      }),
    ),
};

/** What `secret-envs-marked` judges; and an image's id, which a first preview never knows. */
const ELSEWHERE = ["envs", "image"];

/** A secret in the arguments of a container. */
interface Found {
  readonly place: string;
  readonly what: readonly string[];
}

/** Arguments whose entries have a name for people. */
const ENTRIES: Readonly<Record<string, (props: ContainerInputs) => Iterable<Found>>> = {
  uploads: ({ uploads }) =>
    eachKnown(indexesOf(uploads), function* (index) {
      const upload = uploads?.[index];
      if (upload === undefined) return;
      const path = known(() => upload.file);
      // A path that holds a secret is not shown.
      const inPath = path === undefined ? [] : secretsIn(path);
      yield* eachKnown([() => inPath, () => secretsIn(textOfUpload(upload) ?? "")], function* (read) {
        const what = read();
        const title = path === undefined || inPath.length > 0 ? "" : ` (\`${path}\`)`;
        const place = what === inPath ? `\`uploads[${index}].file\`` : `\`uploads[${index}]\`${title}`;
        if (what.length > 0) yield { place, what };
      });
    }),
  labels: ({ labels }) =>
    eachKnown(indexesOf(labels), function* (index) {
      const entry = labels?.[index];
      if (entry === undefined) return;
      const name = known(() => entry.label) ?? "";
      const inName = secretsIn(name);
      if (inName.length > 0) yield { place: `\`labels[${index}].label\``, what: inName };
      const what = secretsUnder(name, entry.value);
      const title = name === "" || inName.length > 0 ? "" : ` (\`${name}\`)`;
      if (what.length > 0) yield { place: `\`labels[${index}]\`${title}`, what };
    }),
};

/** What stands in a container's description and in Pulumi's state as it is. */
function* textsOf(props: ContainerInputs, argument: string): Generator<Found> {
  const value = props[argument as keyof ContainerInputs];
  yield* eachKnown(textsIn(value, argument, argument), function* ({ at, key, text }) {
    const what = key === argument ? secretsIn(text) : secretsUnder(key, text);
    if (what.length > 0) yield { place: `\`${at}\``, what };
  });
}

/** What secrets a value with a name holds: by what it looks like, or by its name. */
function secretsUnder(name: string, value: string): readonly string[] {
  const what = secretsIn(value);
  return what.length === 0 && isSecretEntry(name, value) ? ["a secret by its name"] : what;
}

/** Indexes of a list, so that each entry can be read by itself. */
const indexesOf = (list: readonly unknown[] | undefined) => Array.from({ length: list?.length ?? 0 }).keys();
