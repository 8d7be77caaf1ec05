/** LiteLLM's HTTP API. */

import { setTimeout as sleep } from "node:timers/promises";
import { withoutEnd } from "../config/without-end.ts";
import { LiteLlmError, NotLiteLlm, sentInstead, Unanswered, Unreachable } from "./errors.ts";

/** Where a proxy is, and what opens it. */
export interface Connection {
  /** Such as `http://localhost:4444`. */
  readonly endpoint: string;
  /** The master key, or one that may do less. */
  readonly key: string;
}

/** How long a change waits for a proxy that starts, unless told otherwise. */
export const READY_SECONDS = 180;
/** How long one request may take. A port of a container that starts may accept a connection and never answer. */
const SECONDS = { probe: 3, read: 15, change: 60 };

/** One proxy. Changes wait until it is ready; they are sent once, as not all of them may be sent twice. */
export class LiteLlmApi {
  readonly #connection: Connection;
  readonly #stopped: AbortSignal;
  readonly #readySeconds: number;
  #ready: Promise<void> | undefined;

  /**
   * @param stopped ends calls and waiting, such as when the user interrupts Pulumi. Default: nothing does
   * @param readySeconds how long a change waits for a proxy that starts
   */
  constructor(
    connection: Connection,
    stopped: AbortSignal = new AbortController().signal,
    readySeconds = READY_SECONDS,
  ) {
    this.#connection = connection;
    this.#stopped = stopped;
    this.#readySeconds = readySeconds;
  }

  /**
   * Reads. Does not wait for a proxy that starts.
   *
   * @param seconds how long the call may take. Default: 15
   * @throws {LiteLlmError} when LiteLLM refuses
   * @throws {NotLiteLlm} when something else answers
   * @throws {Unreachable} when nothing answers
   */
  get(path: string, query: Record<string, string> = {}, seconds = SECONDS.read): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    return this.#send({ method: "GET", path, search, seconds });
  }

  /**
   * Asks with a body; for what LiteLLM reads by `POST`, and for calls of models. Does not wait for a proxy that starts.
   *
   * @param seconds how long the call may take. Default: 15
   * @throws as {@link get}
   */
  ask(path: string, body: unknown, seconds = SECONDS.read): Promise<unknown> {
    return this.#send({ method: "POST", path, body, seconds });
  }

  /**
   * Changes something, when the proxy is ready.
   *
   * @throws {LiteLlmError} when LiteLLM refuses
   * @throws {Unanswered} when no answer came
   * @throws {Unreachable} when the proxy is not ready in time
   */
  async change(path: string, body: unknown): Promise<unknown> {
    await this.ready();
    try {
      return await this.#send({ method: "POST", path, body, seconds: SECONDS.change });
    } catch (error) {
      throw error instanceof Unreachable ? new Unanswered(`POST ${path}`, error) : error;
    }
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

  async #send(request: Request): Promise<unknown> {
    const { status, text, type } = await this.#fetch(request);
    const call = `${request.method} ${request.path}`;
    if (status < 200 || status > 299) throw new LiteLlmError(call, status, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new NotLiteLlm(call, status, this.#connection.endpoint, sentInstead(type, "JSON"));
    }
  }

  async #fetch({ method, path, search, body, seconds }: Request): Promise<Answer> {
    const { endpoint, key } = this.#connection;
    // Not `AbortSignal.any` with `AbortSignal.timeout`: in Node.js 20 such a time-out may be collected and never come.
    const controller = new AbortController();
    const stop = () => controller.abort(this.#stopped.reason);
    const late = () => controller.abort(new DOMException(`no answer within ${seconds} s`, "TimeoutError"));
    const timer = setTimeout(late, seconds * 1000);
    this.#stopped.addEventListener("abort", stop);
    try {
      const answer = await fetch(`${withoutEnd(endpoint, /\//)}${path}${search ? `?${search}` : ""}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // LiteLLM sends nobody elsewhere, and the key is for this address alone.
        redirect: "manual",
        signal: controller.signal,
      });
      const text = (await answer.text()) || answer.statusText;
      return { status: answer.status, text, type: answer.headers.get("content-type") };
    } catch (error) {
      const reason = reasonOf(error);
      throw new Unreachable(`the proxy at \`${endpoint}\` does not answer (${reason})`, {
        cause: error,
        reason,
      });
    } finally {
      clearTimeout(timer);
      this.#stopped.removeEventListener("abort", stop);
    }
  }
}

/** `fetch` tells the reason as the cause; that of a name with several addresses has a code and no message. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Its `Content-Type`. */
  readonly type: string | null;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly search?: string;
  readonly body?: unknown;
  readonly seconds: number;
}
