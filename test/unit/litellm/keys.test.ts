import { expect, it } from "vitest";
import { liveKeys, tokenOf } from "../../../litellm/keys.ts";

it("a key's id is LiteLLM's hash of its value", () => {
  // What LiteLLM 1.73.0's `hash_token` makes of it.
  expect(tokenOf("sk-1234")).toBe("88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b");
});

it("keys are read page by page", async () => {
  const asked: unknown[] = [];
  const get = async (path: string, query: Record<string, string> = {}) => {
    asked.push([path, query.page]);
    return { keys: [{ token: `k${query.page}` }], total_pages: 3 };
  };
  expect((await liveKeys({ get })).map(({ token }) => token)).toEqual(["k1", "k2", "k3"]);
  expect(asked).toEqual([
    ["/key/list", "1"],
    ["/key/list", "2"],
    ["/key/list", "3"],
  ]);
});

it.each([
  {},
  [],
  { keys: [{}], total_pages: 1 },
  "ok",
])("an answer that is not a list of keys is an error that says so: %j", async (answer) => {
  await expect(liveKeys({ get: async () => answer })).rejects.toThrow(
    /^`GET \/key\/list` was answered with 200: not what LiteLLM sends: /,
  );
});
