/** LiteLLM's HTTP API, as an administrator uses it. */

import { setTimeout as sleep } from "node:timers/promises";

/** Where a proxy is, and what opens it. */
export interface Connection {
  /** Such as `http://localhost:4444`. */
  readonly endpoint: string;
  readonly masterKey: string;
}

/** How long a change waits for a proxy that starts, unless told otherwise. */
export const READY_SECONDS = 180;
/** How long one request may take. A port of a container that starts may accept a connection and never answer. */
const SECONDS = { probe: 3, read: 15, change: 60 };

/** LiteLLM answered with an error. The message is LiteLLM's own, without keys. */
export class LiteLlmError extends Error {
  override name = "LiteLlmError";
  readonly status: number;
  /** LiteLLM's word for the kind of error, such as `not_found_error`; status codes differ between versions. */
  readonly type: string | undefined;

  constructor(call: string, status: number, body: string) {
    const { message, type } = errorBody(body);
    super(`\`${call}\` was answered with ${status}: ${withoutKeys(message)}`);
    this.status = status;
    this.type = type;
  }
}

/** The proxy did not answer at all. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Takes anything that looks like a key out of a text. */
export const withoutKeys = (text: string) => text.replace(/\bsk-[\w.-]+/g, "sk-***");

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
  const { error, detail } = json as { error?: { message?: unknown; type?: unknown }; detail?: unknown };
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

/** One proxy. Changes wait until it is ready; they are sent once, as not all of them may be sent twice. */
export class LiteLlmApi {
  readonly #connection: Connection;
  readonly #stopped: AbortSignal;
  readonly #readySeconds: number;
  #ready: Promise<void> | undefined;

  /** @param stopped ends the waiting, such as when the user interrupts Pulumi */
  constructor(connection: Connection, stopped: AbortSignal, readySeconds = READY_SECONDS) {
    this.#connection = connection;
    this.#stopped = stopped;
    this.#readySeconds = readySeconds;
  }

  /**
   * Reads. Does not wait for the proxy.
   *
   * @throws {LiteLlmError} when LiteLLM refuses
   * @throws {Unreachable} when nothing answers
   */
  get(path: string, query: Record<string, string> = {}): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    return this.#send({ method: "GET", path, search, seconds: SECONDS.read });
  }

  /** Asks with a body; for what LiteLLM reads by `POST`. Does not wait for the proxy. */
  ask(path: string, body: unknown): Promise<unknown> {
    return this.#send({ method: "POST", path, body, seconds: SECONDS.read });
  }

  /**
   * Changes something, when the proxy is ready.
   *
   * @throws {LiteLlmError} when LiteLLM refuses
   * @throws {Unreachable} when the proxy is not ready in time
   */
  async change(path: string, body: unknown): Promise<unknown> {
    await this.ready();
    return this.#send({ method: "POST", path, body, seconds: SECONDS.change });
  }

  /**
   * Waits until the proxy is ready, once.
   *
   * @throws {Unreachable} when it is not in time
   */
  ready(): Promise<void> {
    this.#ready ??= this.#waitReady();
    return this.#ready;
  }

  async #waitReady(): Promise<void> {
    for (
      const end = Date.now() + this.#readySeconds * 1000;
      ;
      await sleep(500, undefined, { signal: this.#stopped })
    ) {
      try {
        const probe = { method: "GET", path: "/health/readiness", seconds: SECONDS.probe };
        const { db } = (await this.#send(probe)) as { db?: string };
        if (db === "connected") return;
        throw new Unreachable(
          `the proxy at \`${this.#connection.endpoint}\` has no database (it says \`${db}\`)`,
        );
      } catch (error) {
        const starting =
          error instanceof Unreachable || (error instanceof LiteLlmError && error.status >= 500);
        if (!starting) throw error;
        if (Date.now() > end)
          throw new Unreachable(`${error.message}; waited ${this.#readySeconds} s`, { cause: error });
      }
    }
  }

  async #send({ method, path, search, body, seconds }: Request): Promise<unknown> {
    const { endpoint, masterKey } = this.#connection;
    // Not `AbortSignal.any` with `AbortSignal.timeout`: in Node.js 20 such a time-out may be collected and never come.
    const controller = new AbortController();
    const stop = () => controller.abort(this.#stopped.reason);
    const timer = setTimeout(
      () => controller.abort(new Error(`no answer within ${seconds} s`)),
      seconds * 1000,
    );
    this.#stopped.addEventListener("abort", stop);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${endpoint.replace(/\/+$/, "")}${path}${search ? `?${search}` : ""}`, {
        method,
        headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: controller.signal,
      });
      text = await answer.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Unreachable(`the proxy at \`${endpoint}\` does not answer (${reason})`, { cause: error });
    } finally {
      clearTimeout(timer);
      this.#stopped.removeEventListener("abort", stop);
    }
    if (answer.ok) return JSON.parse(text);
    throw new LiteLlmError(`${method} ${path}`, answer.status, text);
  }
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly search?: string;
  readonly body?: unknown;
  readonly seconds: number;
}
