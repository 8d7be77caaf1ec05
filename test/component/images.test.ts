import { describe, expect, it } from "vitest";
import { StackImages } from "../../infra/images.ts";
import { IMAGE, registrations, resolved, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("StackImages", () => {
  it("hands image ids to the containers and never removes an image", async () => {
    const images = new StackImages("images", {
      postgres: "postgres:16.14",
      ollama: "ollama/ollama:0.17.1",
      litellm: "l:1",
    });
    expect(await resolved(images.ollama)).toBe("sha256:images-ollama");
    const made = await registrations(IMAGE);
    expect(made).toHaveLength(3);
    for (const { inputs } of made) expect(inputs.keepLocally).toBe(true);
  });
});
