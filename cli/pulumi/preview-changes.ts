/** Reads from a preview with a refresh (`pulumi preview --refresh --json`) what differs from what is deployed. */

import { same } from "../../provider/values.ts";

/** A property that differs. Values are given only when they are short and not secret. */
export interface ChangedProperty {
  readonly name: string;
  readonly declared?: unknown;
  readonly live?: unknown;
}

/** One resource that differs from what is declared. */
export interface Change {
  /** `container`, `volume`, `network`, `image`, `key`, `team`, `model`, … */
  readonly kind: string;
  /** Its name in the engine or in LiteLLM. */
  readonly name: string;
  /** `missing`: declared but absent; `undeclared`: present but no longer declared. */
  readonly what: "missing" | "changed" | "undeclared";
  /** What changed since the last `up`: what is `live` (by hand or by a fault), or the `config`. */
  readonly moved: "live" | "config";
  readonly properties: readonly ChangedProperty[];
  readonly todo: string;
}

/** What Pulumi prints of a resource's state; secrets are `[secret]`. */
interface State {
  readonly type: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
  readonly diffReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

interface Preview {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly severity?: string; readonly message?: string }[];
}

/** The errors in a failed preview's JSON, each once; undefined when it is not such JSON. */
export function previewErrors(json: string): string | undefined {
  let preview: Preview;
  try {
    preview = JSON.parse(json);
  } catch {
    return undefined;
  }
  const messages = (preview.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message = "" }) => message.replace(/^error: /, "").trim())
    .filter((message) => message !== "preview failed");
  return messages.length === 0 ? undefined : [...new Set(messages)].join("\n");
}

const WHAT: Readonly<Record<string, Change["what"]>> = {
  create: "missing",
  update: "changed",
  replace: "changed",
  delete: "undeclared",
};

/** Every resource that differs from what is declared. Providers and components have no state of their own and are left out. */
export function changesInPreview(json: string): Change[] {
  const { steps = [] } = JSON.parse(json) as Preview;
  // What the state says: a refresh step holds it before the refresh, a later step after it.
  const recorded = new Map(
    steps.flatMap(({ op, urn, oldState }) => (op === "refresh" && oldState ? [[urn, oldState]] : [])),
  );
  return steps.flatMap((step) => {
    const what = WHAT[step.op];
    const state = step.newState ?? step.oldState;
    if (what === undefined || state?.custom !== true || /^pulumi:/.test(state.type)) return [];
    const before = recorded.get(step.urn);
    const properties = what === "changed" ? changedProperties(step) : [];
    const moved = whatMoved(step, what, before);
    const { kind, name } = identity(step.urn, state);
    return [{ kind, name, what, moved, properties, todo: todoOf(kind, what, moved) }];
  });
}

function whatMoved(step: Step, what: Change["what"], recorded: State | undefined): Change["moved"] {
  if (what === "missing") return recorded === undefined ? "config" : "live";
  if (what === "undeclared") return "config";
  const wanted = step.newState?.inputs ?? {};
  return propertyNames(step).every((name) => same(recorded?.inputs?.[name], wanted[name]))
    ? "live"
    : "config";
}

function todoOf(kind: string, what: Change["what"], moved: Change["moved"]): string {
  if (what === "undeclared") return "`npm run up` removes it";
  if (moved === "config") return "`npm run up` deploys it";
  return kind === "volume" && what === "missing"
    ? "its data is lost; `npm run up` creates an empty one"
    : "`npm run up` restores it";
}

/** Top-level names: a detailed difference may name a part, such as `ports[0].external`. */
function propertyNames({ detailedDiff, diffReasons }: Step): string[] {
  const paths = [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])];
  return [...new Set(paths.map((path) => path.replace(/[.[].*$/s, "")))];
}

function changedProperties(step: Step): ChangedProperty[] {
  const names = propertyNames(step);
  const [live, wanted] = [step.oldState, step.newState];
  return names.map((name) => {
    const values = { declared: wanted?.inputs?.[name], live: live?.inputs?.[name] };
    return isTold(values.declared) && isTold(values.live) && !same(values.declared, values.live)
      ? { name, ...given(values) }
      : { name };
  });
}

const given = (values: { declared: unknown; live: unknown }) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Whether a value is short, plain and holds no secret. */
function isTold(value: unknown): boolean {
  if (value === undefined || typeof value === "number" || typeof value === "boolean") return true;
  if (Array.isArray(value)) return JSON.stringify(value).length <= 100 && value.every(isTold);
  return typeof value === "string" && value.length <= 100 && !/\[secret\]|\bsk-|\n/.test(value);
}

const KINDS: Readonly<Record<string, string>> = { RemoteImage: "image" };
const NAMES = ["keyAlias", "teamAlias", "modelName", "name"];

function identity(urn: string, { type, inputs = {}, outputs = {} }: State): { kind: string; name: string } {
  const token = type.split(":").at(-1) ?? type;
  const named = NAMES.map((name) => inputs[name] ?? outputs[name]).find((name) => typeof name === "string");
  return { kind: KINDS[token] ?? token.toLowerCase(), name: String(named ?? urn.split("::").at(-1)) };
}
