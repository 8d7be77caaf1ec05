/** What LiteLLM answers when it refuses a call, and what it means that nothing answers. */

import { z } from "zod";
import { printable } from "../config/printable.ts";

/** LiteLLM answered with an error. */
export class LiteLlmError extends Error {
  override name = "LiteLlmError";
  readonly status: number;
  /** LiteLLM's word for the kind of error, such as `not_found_error`; status codes differ between versions. */
  readonly type: string | undefined;
  /** LiteLLM's own message, printable and without keys, at most 500 characters of it. */
  readonly detail: string;

  /**
   * @param call such as `POST /key/new`
   * @param body of the answer
   */
  constructor(call: string, status: number, body: string) {
    const { message, type } = errorBody(body);
    const detail = withoutKeys(printable(message));
    super(`\`${call}\` was answered with ${status}: ${detail}`);
    this.status = status;
    this.type = type;
    this.detail = detail;
  }
}

/** Something else than LiteLLM answered, and not with an error: a web page, or what no call of LiteLLM's API gives. */
export class NotLiteLlm extends LiteLlmError {
  override name = "NotLiteLlm";
  /** What it sends, such as `` `text/html` instead of JSON ``. */
  readonly sent: string;

  /**
   * @param call such as `GET /v1/models`
   * @param url what was taken for LiteLLM's address
   */
  constructor(call: string, status: number, url: string, sent: string) {
    super(call, status, `what answers at \`${url}\` is not LiteLLM (it sends ${sent}); check the address`);
    this.sent = printable(sent);
  }
}

/** What kind of answer came instead of another, for {@link NotLiteLlm}. */
export function sentInstead(contentType: string | null, wanted: string): string {
  const type = contentType?.split(";")[0]?.trim().slice(0, 100) ?? "";
  return type === "" || type === "application/json"
    ? `what is not ${wanted}`
    : `\`${type}\` instead of ${wanted}`;
}

/**
 * The answer of a call as LiteLLM gives it.
 *
 * @throws {LiteLlmError} when it has another form
 */
export function checkedAnswer<T>(call: string, schema: z.ZodType<T>, answer: unknown): T {
  const { data, error } = schema.safeParse(answer);
  if (error) throw new LiteLlmError(call, 200, `not what LiteLLM sends: ${z.prettifyError(error)}`);
  return data;
}

/** The proxy did not answer, or is not ready. */
export class Unreachable extends Error {
  override name = "Unreachable";
  /** Why, without the address: `no answer within 15 s`, `connect ECONNREFUSED 127.0.0.1:4444`. Default: the message. */
  readonly reason: string;

  constructor(message: string, { reason = message, ...options }: ErrorOptions & { reason?: string } = {}) {
    super(message, options);
    this.reason = reason;
  }

  /** Whether the time for the call ran out. */
  get timedOut(): boolean {
    return this.cause instanceof Error && this.cause.name === "TimeoutError";
  }
}

/** A change was sent, and no answer came: whether it was carried out is not known. */
export class Unanswered extends Unreachable {
  override name = "Unanswered";

  /** @param call such as `POST /key/generate` */
  constructor(call: string, cause: Unreachable) {
    super(`\`${call}\` got no answer (${cause.reason}): whether it was carried out is not known`, {
      cause,
      reason: cause.reason,
    });
  }
}

/** Whether LiteLLM may have carried out a change that ended with this error: no answer, a broken one, or a failure after it. */
export function isUncertain(error: unknown): boolean {
  if (error instanceof LiteLlmError) return error.status < 400 || error.status >= 500;
  return error instanceof Unanswered;
}

/**
 * Takes anything that looks like a key out of a text, also what LiteLLM masks itself, such as `sk-...aB_9`. No key
 * begins within a word (`disk-full`), but one may follow an escaped line break of JSON.
 */
export const withoutKeys = (text: string) => text.replace(/(?<!(?<!\\)[A-Za-z])sk-[\w.*…-]+/g, "sk-***");

/**
 * LiteLLM's message and type in the body of an error. There are three shapes: `{error: {message, type}}`,
 * `{detail: {error}}` or `{detail}`, and a list of what pydantic found.
 */
export function errorBody(body: string): { message: string; type?: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { message: body.slice(0, 500) };
  }
  const { error, detail } = Object(json) as {
    error?: { message?: unknown; type?: unknown };
    detail?: unknown;
  };
  const inner =
    (detail as { error?: unknown; message?: unknown } | undefined)?.error ??
    (detail as { message?: unknown } | undefined)?.message ??
    detail;
  const found = error?.message ?? inner ?? body;
  const message = typeof found === "string" ? found : JSON.stringify(found);
  return {
    message: message.slice(0, 500),
    ...(typeof error?.type === "string" && { type: error.type }),
  };
}
