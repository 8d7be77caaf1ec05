import { describe, expect, it } from "vitest";
import { objectsMoved } from "../../../../cli/litellm/objects.ts";
import type { LiteLlmApi } from "../../../../litellm/client.ts";
import { LiteLlmError, Unreachable } from "../../../../litellm/errors.ts";

describe("objectsMoved", () => {
  const key = {
    urn: "u",
    type: "litellm:index:Key",
    id: "hash",
    // A key whose value the config gives: the state holds it encrypted.
    inputs: { keyAlias: "agent", maxBudget: 10, key: { ciphertext: "v1:…" } },
  };
  const volume = { urn: "v", type: "docker:index/volume:Volume", id: "v", inputs: { name: "v" } };
  const proxy = (answer: () => unknown) =>
    ({ get: async () => ({ info: answer() }) }) as unknown as LiteLlmApi;
  const info = { key_alias: "agent", max_budget: 10 };

  it.each<[string, boolean, () => unknown]>([
    ["holds the key as the state does", false, () => info],
    ["holds another budget", true, () => ({ ...info, max_budget: 77 })],
    [
      "has lost the key",
      true,
      () => {
        throw new LiteLlmError("GET /key/info", 404, "{}");
      },
    ],
    [
      "does not answer",
      false,
      () => {
        throw new Unreachable("no");
      },
    ],
    [
      "is out of order",
      false,
      () => {
        throw new LiteLlmError("GET /key/info", 500, "{}");
      },
    ],
  ])("of a LiteLLM that %s: %s", async (_, moved, answer) => {
    expect(await objectsMoved(proxy(answer), [volume, key])).toBe(moved);
  });

  it("does not hide a bug of this program", async () => {
    const broken = proxy(() => {
      throw new TypeError("ours");
    });
    await expect(objectsMoved(broken, [key])).rejects.toThrow("ours");
  });
});
