/**
 * Reads what small models make of the ReAct format. Pure: text in, the next step out. Nothing is refused: what has
 * no format at all is the answer.
 */

import { jsonrepair } from "jsonrepair";
import { withoutEnd } from "../../config/without-end.ts";

export type ReactStep =
  | { readonly kind: "action"; readonly thought: string; readonly name: string; readonly input: string }
  | { readonly kind: "answer"; readonly thought: string; readonly answer: string };

type Label = "thought" | "action" | "input" | "observation" | "answer" | "question";

/**
 * A label at the start of a line, as it comes: `**Action:**`, `## Final Answer:`, `Action 1:`, `action_input:`. What may be
 * left out takes the space after it along: with one run of spaces beside another, no colon would be looked for at every
 * way to share them out.
 */
const LABEL =
  /^[ \t]*(?:[*_#>`-]+[ \t]*)?(?<name>thought|action[ _]?input|action|observation|final[ _]?answer|question)[ \t]*(?:\d+[ \t]*)?(?:[*_`]+[ \t]*)?:[ \t]*(?:[*_`]+[ \t]*)?/gim;
const NAMES: Readonly<Record<string, Label>> = {
  thought: "thought",
  action: "action",
  actioninput: "input",
  observation: "observation",
  finalanswer: "answer",
  question: "question",
};
/** What models write as an action when they want none. */
const NO_ACTION = /^(none|n\/?a|nothing|no action|no tool|null|-)?\.?$/i;

interface Section {
  readonly label: Label | "free";
  readonly text: string;
}

function sectionsOf(output: string): Section[] {
  const labels = [...output.matchAll(LABEL)];
  const first = labels[0]?.index ?? output.length;
  const sections: Section[] = [{ label: "free", text: output.slice(0, first) }];
  labels.forEach((match, index) => {
    const label = NAMES[(match.groups?.name ?? "").toLowerCase().replace(/[ _]/g, "")] ?? "thought";
    sections.push({
      label,
      text: output.slice(match.index + match[0].length, labels[index + 1]?.index ?? output.length),
    });
  });
  return sections;
}

/** The first step in a model's output; what it makes up after it (results of tools, further steps) does not count. */
export function parseReact(output: string): ReactStep {
  const sections = sectionsOf(output.replace(/\r\n?/g, "\n"));
  const thoughts: string[] = [];
  const isFormatted = sections.some(({ label }) => label === "action" || label === "answer");
  for (const [index, { label, text }] of sections.entries()) {
    const trimmed = text.trim();
    if (label === "free" || label === "thought") {
      const inline = trimmed.search(/\bFinal Answer:/i);
      if (inline >= 0 && !isFormatted)
        return {
          kind: "answer",
          thought: joined(thoughts, trimmed.slice(0, inline)),
          answer: trimmed.slice(inline).replace(/^Final Answer:\s*/i, ""),
        };
      if (trimmed !== "") thoughts.push(trimmed);
    } else if (label === "answer") {
      if (trimmed !== "") return { kind: "answer", thought: joined(thoughts), answer: trimmed };
    } else if (label === "action") {
      const next = sections[index + 1];
      const input = next?.label === "input" ? next.text.trim() : undefined;
      const action = actionOf(trimmed, input);
      if (action === undefined) continue;
      if (/^final[ _]?answer$/i.test(action.name))
        return { kind: "answer", thought: joined(thoughts), answer: action.input };
      return { kind: "action", thought: joined(thoughts), ...action };
    }
    // An observation is made up here; what follows may still be the answer of a model that wanted no tool.
  }
  return { kind: "answer", thought: "", answer: joined(thoughts) || lastWords(sections) };
}

const joined = (thoughts: readonly string[], further = "") =>
  [...thoughts, further.trim()].filter((thought) => thought !== "").join("\n");

/** Where there is nothing else: the input of an action that was none. */
const lastWords = (sections: readonly Section[]) =>
  sections
    .filter(({ label }) => label === "input")
    .map(({ text }) => text.trim())
    .join("\n");

function actionOf(text: string, given: string | undefined): { name: string; input: string } | undefined {
  // Both on one line.
  const [before = "", after] = text.split(/\bAction[ _]?Input\s*:/i, 2);
  const input = given ?? after?.trim();
  const whole = before.trim();
  if (/^(```|\{)/.test(whole)) {
    const parsed = parseJson(whole);
    const name = textOf(parsed?.name ?? parsed?.tool ?? parsed?.action ?? parsed?.tool_name);
    const inner =
      parsed?.arguments ?? parsed?.args ?? parsed?.parameters ?? parsed?.action_input ?? parsed?.input ?? {};
    if (name !== "")
      return { name, input: input ?? (typeof inner === "string" ? inner : JSON.stringify(inner)) };
  }
  const line = whole.split("\n")[0]?.trim() ?? "";
  const rest = whole.slice(line.length).trim();
  // `search[weather]`, `calculator("2+2")`
  const call = /^[`"'*]*([\w.-]+)[`"'*]*\s*[[(](.*)[\])][`"'*.]*$/.exec(line);
  if (call?.[1] !== undefined && call[2] !== undefined) {
    const inline = unquoted(call[2].trim());
    return { name: call[1], input: input ?? (inline === "" ? rest : inline) };
  }
  const name = withoutEnd(line.replace(/^[\s`"'*[({<]+/, ""), /[\s`"'*\])}>.,:;]/);
  if (NO_ACTION.test(name)) return undefined;
  return { name, input: input ?? rest };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
const unquoted = (text: string) => /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;

/** The text inside a code fence, if it is in one. */
function unfenced(text: string): string {
  return /```[a-z]*[ \t]*\n?(.*?)(?:```|$)/is.exec(text)?.[1]?.trim() ?? text;
}

/** An object out of JSON as models write it: in a fence, with single quotes, trailing commas, Python's words. */
function parseJson(text: string): Record<string, unknown> | undefined {
  const inner = unfenced(text.trim());
  const start = inner.indexOf("{");
  if (start < 0) return undefined;
  for (const candidate of [inner, inner.slice(start), balanced(inner.slice(start))]) {
    try {
      const parsed: unknown = JSON.parse(jsonrepair(candidate));
      if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
        return parsed as Record<string, unknown>;
    } catch {
      // Not JSON even with repairs: the next candidate, or else plain text.
    }
  }
  return undefined;
}

/** Up to the brace that closes the first one. */
function balanced(text: string): string {
  let depth = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter === "{") depth++;
    if (letter === "}" && --depth === 0) return [...text].slice(0, index + 1).join("");
  }
  return text;
}

/** A tool's JSON schema, as far as it matters here. */
export interface InputSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown; readonly default?: unknown }>>;
  readonly required?: readonly string[];
}

/**
 * The arguments that an `Action Input` stands for. Plain text is that of the tool's one parameter (the only one, or
 * the only one required). What fits nothing stands under `input`: the tool's schema then says what is wrong.
 */
export function actionInput(raw: string, schema: InputSchema): Record<string, unknown> {
  const names = Object.keys(schema.properties ?? {});
  const required = schema.required ?? [];
  const only = names.length === 1 ? names[0] : required.length === 1 ? required[0] : undefined;
  const text = unfenced(raw.trim());
  const parsed = /^\{/.test(text) ? parseJson(text) : undefined;
  if (parsed !== undefined) {
    const [key, ...others] = Object.keys(parsed);
    const misnamed = key !== undefined && others.length === 0 && !names.includes(key);
    return misnamed && only !== undefined ? { [only]: parsed[key] } : parsed;
  }
  if (names.length === 0 || NO_ACTION.test(text)) return {};
  if (only === undefined) return { input: text };
  // `query: weather`, `query = "weather"`
  const plain = text.replace(new RegExp(`^["']?${only.replace(/\W/g, "\\$&")}["']?\\s*[:=]\\s*`, "i"), "");
  return { [only]: typed(unquoted(plain), schema.properties?.[only]) };
}

function typed(text: string, schema: unknown): unknown {
  const type = typeof schema === "object" && schema !== null && "type" in schema ? schema.type : undefined;
  if ((type === "number" || type === "integer") && text.trim() !== "" && Number.isFinite(Number(text)))
    return Number(text);
  if (type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

/** The tool that a name was meant to be: case, quotes, spaces and underscores do not matter. */
export function toolNamed(name: string, known: Iterable<string>): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const names = [...known];
  return names.includes(name) ? name : names.find((candidate) => plain(candidate) === plain(name));
}

/** Labels that may stand at the start of a line, for {@link visible}. */
const STARTS = ["thought", "action", "observation", "final answer", "final_answer", "question"];

/**
 * What of an unfinished output can be shown as the answer: what follows `Final Answer:`, or text without any format.
 * The last line is held back as long as it may become a label, and so is the space at the end.
 */
export function visible(output: string): string {
  const sections = sectionsOf(output.replace(/\r\n?/g, "\n"));
  const labelled = sections.find(({ label }) => label === "action" || label === "answer");
  if (labelled?.label === "action") return "";
  const last = sections.at(-1);
  const shown = labelled ?? (sections.length === 1 ? sections[0] : undefined);
  if (shown === undefined) return "";
  return (shown === last ? withoutStart(shown.text) : shown.text).trim();
}

function withoutStart(text: string): string {
  const end = text.lastIndexOf("\n");
  const line = text
    .slice(end + 1)
    .toLowerCase()
    .replace(/^[\s*_#>`-]+/, "");
  const label = withoutEnd(line, /[\s\d*_`]/);
  return STARTS.some(
    (start) => start.startsWith(line) || label === start || `${start} input`.startsWith(line),
  )
    ? text.slice(0, Math.max(0, end))
    : text;
}
