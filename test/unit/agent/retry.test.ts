import { describe, expect, it } from "vitest";
import { converse, WAYS } from "../../support/conversation.ts";

const http = (status: number, type = "None", headers: Record<string, string> = {}) =>
  Object.assign(new Error(`${status}`), {
    status,
    error: { message: "said so", type },
    headers: new Headers(headers),
  });

describe.each(WAYS)("a call in a conversation by %s", (way) => {
  it("tries again after 503 and 429, and says so", async () => {
    const { ask, events, shown } = converse(way, [
      { fails: { after: 0, error: http(503) } },
      { fails: { after: 0, error: http(429, "throttling_error", { "retry-after": "0" }) } },
      { text: "At last." },
    ]);
    const { answer } = await ask("Hi");
    expect(answer.answer).toBe("At last.");
    expect(events.filter(({ type }) => type === "retry")).toEqual([
      { type: "retry", reason: "the model's server failed (503)", seconds: expect.any(Number) },
      { type: "retry", reason: "too many requests (429)", seconds: 0 },
    ]);
    expect(shown()).toBe("At last.");
  });

  it("takes back what had streamed when an answer breaks off and is tried again", async () => {
    const reset = Object.assign(new TypeError("terminated"), { cause: { code: "UND_ERR_SOCKET" } });
    const { ask, shown, events } = converse(way, [
      { text: "Half of it and no more", fails: { after: 9, error: reset } },
      { text: "The whole." },
    ]);
    const { answer } = await ask("Hi");
    expect(answer.answer).toBe("The whole.");
    expect(events).toContainEqual({ type: "aside", text: expect.stringMatching(/^Half/) });
    expect(shown()).toBe("The whole.");
  });

  it.each([
    ["a wrong key", http(401, "token_not_found_in_db")],
    ["a bad request", http(400)],
    ["a spent budget as 429", http(429, "budget_exceeded")],
    ["a long Retry-After", http(429, "throttling_error", { "retry-after": "60" })],
    [
      "a refused connection",
      Object.assign(new Error("Connection error."), {
        name: "APIConnectionError",
        cause: { code: "ECONNREFUSED" },
      }),
    ],
  ])("does not try again after %s, and throws it as it was", async (_, error) => {
    const { ask, model, events } = converse(way, [{ fails: { after: 0, error } }, { text: "never" }]);
    await expect(ask("Hi")).rejects.toBe(error);
    expect(model.requests).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("gives up after three further tries", async () => {
    const { ask, model } = converse(
      way,
      Array.from({ length: 9 }, () => ({ fails: { after: 0, error: http(500) } })),
    );
    await expect(ask("Hi")).rejects.toMatchObject({ status: 500 });
    expect(model.requests).toHaveLength(4);
  });

  it("ends at once when it is aborted between two tries", async () => {
    const abort = new AbortController();
    const { ask } = converse(way, [
      { fails: { after: 0, error: http(429, "None", { "retry-after": "30" }) } },
    ]);
    setTimeout(() => abort.abort(), 30);
    const { answer } = await ask("Hi", [], abort.signal);
    expect(answer.ended).toBe("aborted");
    expect(answer.seconds).toBeLessThan(2);
  });
});
