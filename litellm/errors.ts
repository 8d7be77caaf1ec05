/** What LiteLLM answers when it refuses a call, and what it means that nothing answers. */

/** LiteLLM answered with an error. */
export class LiteLlmError extends Error {
  override name = "LiteLlmError";
  readonly status: number;
  /** LiteLLM's word for the kind of error, such as `not_found_error`; status codes differ between versions. */
  readonly type: string | undefined;
  /** LiteLLM's own message, without keys, at most 500 characters of it. */
  readonly detail: string;

  /**
   * @param call such as `POST /key/new`
   * @param body of the answer
   */
  constructor(call: string, status: number, body: string) {
    const { message, type } = errorBody(body);
    const detail = withoutKeys(message);
    super(`\`${call}\` was answered with ${status}: ${detail}`);
    this.status = status;
    this.type = type;
    this.detail = detail;
  }
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
