import type { ContainerInputs } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { secretsIn } from "../secrets.ts";
import { owasp } from "../sources.ts";
import { collect, eachKnown, known } from "../unknown.ts";
import { textOfUpload, type Upload } from "../uploads.ts";

export const noPlainSecret: ContainerRule = {
  name: "no-plain-secret",
  description: "No upload, label, command or health check holds a secret.",
  level: "mandatory",
  severity: "critical",
  remediation:
    "Pass it as a secret environment variable, and refer to that: `os.environ/NAME` in LiteLLM's config, `$NAME` in a script. Change the secret too: it is in plain text in the container and in Pulumi's state.",
  sources: [owasp(12)],
  container: ({ name, props }) =>
    collect(
      eachKnown(LISTS, function* ([list, entriesOf]) {
        const entries = entriesOf(props) ?? [];
        yield* eachKnown(Array.from({ length: entries.length }).keys(), function* (index) {
          const entry = entries[index];
          const found = entry ? secretsIn(textOf(entry)) : [];
          if (found.length === 0) return;
          const place = `\`${list}[${index}]\`${titleOf(entry)}`;
          yield `${place} of \`${name}\` holds ${found.join(" and ")}`;
        });
      }),
    ),
};

type Entry = string | { readonly label: string; readonly value: string } | Upload;

/** What stands in a container's description and in Pulumi's state as it is. */
const LISTS: readonly (readonly [
  name: string,
  entries: (props: ContainerInputs) => readonly Entry[] | undefined,
])[] = [
  ["uploads", (props) => props.uploads],
  ["labels", (props) => props.labels],
  ["command", (props) => props.command],
  ["entrypoints", (props) => props.entrypoints],
  ["healthcheck.tests", (props) => props.healthcheck?.tests],
];

function textOf(entry: Entry): string {
  if (typeof entry === "string") return entry;
  return "label" in entry ? entry.value : (textOfUpload(entry) ?? "");
}

/** A name for people, where an entry has one. */
function titleOf(entry: Entry | undefined): string {
  if (entry === undefined || typeof entry === "string") return "";
  const title = known(() => ("label" in entry ? entry.label : entry.file));
  return title === undefined ? "" : ` (\`${title}\`)`;
}
