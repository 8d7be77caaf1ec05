/** What can go wrong between the agent and the models: each kind with a message that says how to fix it. */

import { UserError } from "../config/errors.ts";
import { listed, nearest } from "../config/nearest.ts";
import { LiteLlmError, NotLiteLlm, withoutKeys } from "../litellm/errors.ts";
import { type Refusal, refusalByStatus, refusalOf } from "../litellm/refusals.ts";

/**
 * Why LiteLLM refused, or:
 * - `notUp`: the stack has no outputs: it was never brought up
 * - `noAnswer`: nothing answers where the proxy should be, or the connection broke
 * - `notLiteLlm`: something else answers there
 */
export type ErrorKind = Refusal | "notUp" | "noAnswer" | "notLiteLlm" | "other";

/** An error for the user; {@link kind} says to programs which. */
export class AgentError extends UserError {
  override name = "AgentError";
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What a failed call says, whoever made it: OpenAI's client, LangChain, `fetch`. */
export interface Failure {
  readonly kind: Exclude<ErrorKind, "notUp">;
  /** Of the HTTP answer, if there was one. */
  readonly status?: number;
  /** Node.js's code of a failed connection, such as `ECONNREFUSED`. */
  readonly connection?: string;
  /** Seconds that the proxy asks to wait before the next try. */
  readonly retryAfter?: number;
  /** What LiteLLM or the client says, without LangChain's links. */
  readonly detail: string;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  (typeof value === "object" && value !== null) || typeof value === "function" ? (value as Fields) : {};
const text = (value: unknown) =>
  typeof value === "string" ? value : typeof value === "number" ? `${value}` : "";

/** The error and what caused it, outermost first. */
function chain(cause: unknown): Fields[] {
  const found: Fields[] = [];
  for (let at = cause; at !== undefined && at !== null && found.length < 10; at = fieldsOf(at).cause)
    found.push(typeof at === "string" ? { message: at } : fieldsOf(at));
  return found;
}

/** Connections that were there and broke, in contrast to those that never came about. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ECONNABORTED"]);
const CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;
const TIMEOUTS = new Set([
  "TimeoutError",
  "APIConnectionTimeoutError",
  "HeadersTimeoutError",
  "BodyTimeoutError",
]);

/** Seconds of a `Retry-After` header: a number or a date. */
function retryAfterOf(headers: unknown, now: number): number | undefined {
  const get = fieldsOf(headers).get;
  const value =
    typeof get === "function" ? get.call(headers, "retry-after") : fieldsOf(headers)["retry-after"];
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/**
 * Tells failures apart by LiteLLM's error `type`; by status only where LiteLLM gives no type (1.73.0 sends the text
 * `None` for many), as it answers the same failure with another status in another version.
 */
export function failureOf(cause: unknown, now = Date.now()): Failure {
  const errors = chain(cause);
  const answer = errors.find((error) => typeof error.status === "number");
  const status = typeof answer?.status === "number" ? answer.status : undefined;
  // In a stream LiteLLM can only send the error as an event: the client then knows no status.
  const told = errors.find((error) => typeof error.error === "object" && error.error !== null) ?? answer;
  const body = { ...fieldsOf(told?.error) };
  const type = text(body.type ?? told?.type);
  const code = text(body.code ?? told?.code);
  const messages = errors.map((error) => text(error.message)).filter((message) => message !== "");
  const stranger = errors.find((error) => error instanceof NotLiteLlm);
  const said = stranger?.sent ?? (answer instanceof LiteLlmError ? answer.detail : text(body.message));
  const detail = withoutLinks(said || messages[0] || String(cause));
  const all = [type, code, text(body.message), ...messages, ...errors.map((error) => text(error.name))].join(
    "\n",
  );
  const connection = errors.map((error) => text(error.code)).find((candidate) => CONNECTION.test(candidate));
  const retryAfter = retryAfterOf(answer?.headers, now);
  const kind = kindOf({ errors, status, type, code, all, connection });
  return {
    kind,
    ...(status === undefined ? {} : { status }),
    ...(connection === undefined ? {} : { connection }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    detail,
  };
}

interface Signs {
  readonly errors: readonly Fields[];
  readonly status: number | undefined;
  readonly type: string;
  readonly code: string;
  readonly all: string;
  readonly connection: string | undefined;
}

function kindOf({ errors, status, type, code, all, connection }: Signs): Failure["kind"] {
  if (errors.some((error) => error instanceof NotLiteLlm)) return "notLiteLlm";
  // Of a stream of events that are not JSON.
  if (status === undefined && errors.some((error) => error instanceof SyntaxError)) return "notLiteLlm";
  const refusal = refusalOf({ type, code, text: all });
  if (refusal !== undefined) return refusal;
  if (errors.some((error) => error.name === "ContextOverflowError")) return "contextTooLong";
  if (connection !== undefined && status === undefined)
    return /TIMEOUT|TIMEDOUT/.test(connection) ? "timeout" : "noAnswer";
  if (errors.some((error) => TIMEOUTS.has(text(error.name)))) return "timeout";
  const number = status ?? (/^\d{3}$/.test(code) ? Number(code) : undefined);
  if (number === undefined)
    return errors.some((error) => error.name === "APIConnectionError" || isCutOff(error))
      ? "noAnswer"
      : "other";
  return refusalByStatus(number, all) ?? "other";
}

/** `fetch` says `terminated` when a connection ends within an answer. */
const isCutOff = (error: Fields) => error.message === "terminated" || error.message === "fetch failed";

/**
 * Whether the same request may succeed a little later: too many requests, a failing server, a connection that broke.
 * Not one that was refused (nobody listens there), and not a spent budget, whatever its status.
 */
export function isTransient({ kind, status, connection }: Failure): boolean {
  if (kind === "noAnswer") return connection === undefined || BROKEN.has(connection);
  if (kind === "upstream") return status === undefined || status === 429 || status >= 500;
  return kind === "rateLimit";
}

/** LangChain appends a link to its documentation. The space before it is looked at from its start only. */
const withoutLinks = (message: string) => message.replace(/(?<!\s)\s*Troubleshooting URL:\s*\S+/g, "").trim();
const firstLine = (message: string) => {
  // LiteLLM's messages name a key by its hash too.
  const line =
    withoutKeys(message)
      .replace(/\b[0-9a-f]{64}\b/g, "…")
      .split("\n")[0]
      ?.trim() ?? "";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};

export interface ErrorContext {
  readonly baseUrl: string;
  readonly model: string;
  /** The names that the proxy knows, as far as they are known. */
  readonly models: readonly string[];
}

/** The stack has no outputs, and why. */
export function notUp(stack: string, why: string, options?: ErrorOptions): AgentError {
  return new AgentError(
    "notUp",
    `The stack \`${stack}\` is not up (${why}): \`npm run up\` brings it up. For another proxy, set \`LLM_STACK_URL\` and \`LLM_STACK_KEY\`.`,
    options,
  );
}

/** There is no model of this name among those that the key may use. */
export function modelUnknown(context: ErrorContext): AgentError {
  return new AgentError("modelUnknown", explain({ kind: "modelUnknown", detail: "" }, context));
}

/** Puts what a call threw into words that name the place and how to fix it. What is one already stays as it is. */
export function agentError(cause: unknown, context: ErrorContext): AgentError {
  if (cause instanceof AgentError) return cause;
  const failure = failureOf(cause);
  return new AgentError(failure.kind, explain(failure, context), { cause });
}

function explain(
  { kind, status, connection, detail }: Failure,
  { baseUrl, model, models }: ErrorContext,
): string {
  const proxy = `the proxy at \`${baseUrl}\``;
  const said = firstLine(detail);
  const others = models.filter((name) => name !== model);
  const near = nearest(model, others);
  const meant = near === undefined ? "" : ` (did you mean \`${near}\`?)`;
  const choose = others.length === 0 ? "" : `, or choose another with \`--model\`: ${listed(others)}`;
  switch (kind) {
    case "noAnswer": {
      const why = connection ?? said;
      return BROKEN.has(connection ?? "")
        ? `The connection to ${proxy} broke (${why}): ask again; \`npm run status\` shows its state.`
        : `Nothing answers for ${proxy} (${why}): run \`npm run up\`; \`npm run status\` shows what runs.`;
    }
    case "notLiteLlm":
      return `What answers at \`${baseUrl}\` is not LiteLLM (it sends ${said}): if \`LLM_STACK_URL\` is set, it must be the address of a LiteLLM proxy; if not, another program may have its port: \`npm run status\` shows what runs.`;
    case "keyRefused":
      return `The key was refused by ${proxy} (${said}): \`npm run up\` restores the stack's own key; if \`LLM_STACK_KEY\` is set, it must be one of \`keys\` in \`Pulumi.<stack>.yaml\` that has not expired.`;
    case "modelNotAllowed":
      // LiteLLM says the same of a name that it has no model of at all, when the key is limited to others.
      return `The key may not use \`${model}\`${meant}: add it to \`models\` of the key (and of its team) under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`${choose}.`;
    case "budgetSpent":
      return `The budget of the key is spent: \`npm run spend\` shows what on; raise \`maxBudget\` of the key (or of its team) under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`, or wait until its \`budgetDuration\` is over.`;
    case "rateLimit":
      return `Too many requests to \`${model}\` (${said}): wait a minute, or, if it is not its provider's limit, raise \`rpmLimit\` or \`tpmLimit\` of the key under \`keys\` in \`Pulumi.<stack>.yaml\` and run \`npm run up\`.`;
    case "modelUnknown": {
      const known =
        others.length === 0
          ? "`npm run status` shows which there are, and `models` in `Pulumi.<stack>.yaml` declares them."
          : `Choose one with \`--model\`: ${listed(others, 20)}.`;
      return `There is no model \`${model}\` at ${proxy}${meant}. ${known}`;
    }
    case "timeout":
      return `\`${model}\` did not answer in time: ask for less${choose}; \`npm run status\` shows whether its servers are healthy.`;
    case "contextTooLong":
      return `The conversation does not fit into the context of \`${model}\`: begin a new one (\`/reset\`), ask for less${choose}.`;
    case "upstream":
      return `The model \`${model}\` fails behind ${proxy} (${status ?? "an error in the stream"}: ${said}): \`npm run status\` and \`npm run logs\` show why${choose}.`;
    case "other":
      return `Asking \`${model}\` at ${proxy} failed${status === undefined ? "" : ` (${status})`}: ${said}`;
  }
}
