/** Calls of a stack's proxy, as its clients make them. */

/** A proxy, and the key that calls use unless they name another one. */
export class ProxyClient {
  /** Such as `http://localhost:4444`. */
  readonly base: string;
  key = "";

  constructor(base: string) {
    this.base = base;
  }

  /** A `GET`, or a `POST` of `body`. */
  call(path: string, body?: unknown, key = this.key): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A short question. */
  chat(model: string, key = this.key): Promise<Response> {
    const messages = [{ role: "user", content: "Say hello." }];
    return this.call("/v1/chat/completions", { model, messages, max_tokens: 8 }, key);
  }

  /** Names of the models that the key may use, sorted: LiteLLM has no order of its own. */
  async models(): Promise<string[]> {
    const { data } = (await (await this.call("/models")).json()) as { data: { id: string }[] };
    return data.map(({ id }) => id).sort();
  }
}
